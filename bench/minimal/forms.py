from django import forms

SEX = [("female", "Perempuan"), ("male", "Laki-laki")]
EDUCATION = [("", "---------"), *((code, code.upper()) for code in ("sd", "smp", "sma", "smk", "d3", "s1", "s2"))]
# As many as Kota Pekalongan has.
VILLAGES = [("", "---------"), *((f"33.75.01.{number}", f"Kelurahan {number}") for number in range(1001, 1028))]


class RegistrationForm(forms.Form):
    full_name = forms.CharField(label="Nama lengkap", max_length=100)
    nik = forms.RegexField(r"^[0-9]{16}$", label="NIK", help_text="16 angka pada KTP.")
    birth_date = forms.DateField(label="Tanggal lahir")
    sex = forms.ChoiceField(label="Jenis kelamin", choices=SEX, widget=forms.RadioSelect)
    phone = forms.CharField(label="Nomor HP", max_length=20, help_text="Contoh: 0812-3456-7890.")
    email = forms.EmailField(label="Email", required=False)
    region = forms.ChoiceField(label="Kelurahan", choices=VILLAGES)
    address = forms.CharField(label="Alamat", max_length=200)
    rt = forms.CharField(label="RT", max_length=3, required=False)
    rw = forms.CharField(label="RW", max_length=3, required=False)
    education_level = forms.ChoiceField(label="Pendidikan terakhir", choices=EDUCATION, required=False)
    occupation = forms.CharField(label="Pekerjaan", max_length=80, required=False)
    notice = forms.BooleanField(label="Saya sudah membaca penggunaan data saya.")
