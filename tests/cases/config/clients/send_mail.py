# expect: product=smtplib tls=starttls auth=any host=mail.example.com port=587 verify=full
import smtplib
import ssl

HOST = "mail.example.com"
with smtplib.SMTP(HOST, 587, timeout=10) as server:
    server.starttls(context=ssl.create_default_context())
    server.login("user", "s3cr3t-Zx81qy")
    server.send_message(message)
