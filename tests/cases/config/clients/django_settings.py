# expect: product=django tls=starttls auth=any port=587 verify=full
EMAIL_HOST = "mail.example.com"
EMAIL_PORT = 587
EMAIL_USE_TLS = True
EMAIL_HOST_USER = "user"
EMAIL_HOST_PASSWORD = "s3cr3t-Zx81qy"
