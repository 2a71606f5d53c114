/* expect: product=jakarta-mail tls=starttls auth=any host=mail.example.com port=587 verify=full */
Properties props = new Properties();
props.put("mail.smtp.host", "mail.example.com");
props.put("mail.smtp.port", "587");
props.put("mail.smtp.auth", "true");
props.put("mail.smtp.user", "user");
props.put("mail.smtp.password", "s3cr3t-Zx81qy");
props.put("mail.smtp.starttls.required", "true");
props.put("mail.smtp.ssl.checkserveridentity", "true");
