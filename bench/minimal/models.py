import uuid

from django.db import models


class Batch(models.Model):
    name = models.CharField(max_length=100)
    quota = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "minimal"

    def __str__(self) -> str:
        return self.name


class Registration(models.Model):
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT)
    token = models.UUIDField(default=uuid.uuid4, unique=True)
    full_name = models.CharField(max_length=100)
    nik = models.CharField(max_length=16)
    birth_date = models.DateField()
    sex = models.CharField(max_length=10)
    phone = models.CharField(max_length=20)
    email = models.EmailField(blank=True)
    region = models.CharField(max_length=13)
    address = models.CharField(max_length=200)
    rt = models.CharField(max_length=3, blank=True)
    rw = models.CharField(max_length=3, blank=True)
    education_level = models.CharField(max_length=20, blank=True)
    occupation = models.CharField(max_length=80, blank=True)

    class Meta:
        app_label = "minimal"
        constraints = [models.UniqueConstraint(fields=["batch", "nik"], name="minimal_once_per_batch")]

    def __str__(self) -> str:
        return str(self.token)


class Outbox(models.Model):
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT)
    recipient = models.CharField(max_length=254)
    body = models.TextField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "minimal"

    def __str__(self) -> str:
        return str(self.pk)
