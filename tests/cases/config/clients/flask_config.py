# expect: product=flask-mail tls=implicit auth=any port=465 verify=none
MAIL_SERVER = "mail.example.com"
MAIL_PORT = 465
MAIL_USE_SSL = True
MAIL_USERNAME = "user"
MAIL_PASSWORD = "s3cr3t-Zx81qy"
