/* expect: product=gomail tls=opportunistic auth=any host=mail.example.com port=587 verify=none */
d := gomail.NewDialer("mail.example.com", 587, "user", "s3cr3t-Zx81qy")
d.TLSConfig = &tls.Config{InsecureSkipVerify: true}
