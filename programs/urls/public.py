from django.urls import path

from programs.views import feeds, public, wishes

urlpatterns = [
    path("pelatihan/", public.program_list, name="program_list"),
    path("pelatihan/<slug:slug>/", public.program_detail, name="program_detail"),
    path("pelatihan/<slug:slug>/<slug:batch_slug>/", public.batch_detail, name="batch_detail"),
    path("pelatihan/<slug:slug>/<slug:batch_slug>/syarat/", public.eligibility_check, name="eligibility_check"),
    path("kalender/<str:token>/jadwal.ics", feeds.feed_read, name="feed_read"),
    path("usulan/", wishes.wish_rounds, name="wish_rounds"),
    path("usulan/terkirim/", wishes.wish_receipt, name="wish_receipt"),
    path("usulan/tarik/", wishes.wish_withdraw, name="wish_withdraw"),
    path("usulan/<int:pk>/", wishes.wish_tally, name="wish_tally"),
    path("usulan/<int:pk>/kirim/", wishes.wish_send, name="wish_send"),
    path("usulan/<int:pk>/<str:code>/", wishes.wish_place, name="wish_place"),
]
