"""Every address of the application."""

from allauth.account import views as accounts
from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

# The admin's own page of sign-in would walk round the second factor.
admin.site.login = secure_admin_login(admin.site.login)

# No sign-up, and nothing that would need mail: administrators make accounts and set lost passwords.
account_urls = [
    path("login/", accounts.login, name="account_login"),
    path("logout/", accounts.logout, name="account_logout"),
    path("inactive/", accounts.account_inactive, name="account_inactive"),
    path("reauthenticate/", accounts.reauthenticate, name="account_reauthenticate"),
    path("password/change/", accounts.password_change, name="account_change_password"),
    path("2fa/", include("allauth.mfa.urls")),
]

urlpatterns = [
    path("accounts/", include(account_urls)),
    path("admin/", admin.site.urls),
]
