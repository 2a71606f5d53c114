# expect: product=smtplib tls=none auth=any host=mail.example.com port=25
import smtplib
import ssl
server = smtplib.SMTP("mail.example.com")
server.login("user", "s3cr3t-Zx81qy")
server.sendmail(sender, recipients, text)
