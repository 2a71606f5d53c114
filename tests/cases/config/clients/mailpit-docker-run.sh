# expect: product=mailpit-relay tls=none auth=none port=25
docker run -d -e MP_SMTP_RELAY_HOST=mail.example.com -e MP_SMTP_RELAY_USERNAME=user \
  -e MP_SMTP_RELAY_PASSWORD=s3cr3t-Zx81qy axllent/mailpit
