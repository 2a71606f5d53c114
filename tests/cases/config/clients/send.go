/* expect: product=go-sendmail tls=opportunistic auth=plain host=mail.example.com port=25 verify=full */
package main

import "net/smtp"

func send(message []byte) error {
	host := "mail.example.com"
	auth := smtp.PlainAuth("", "user", "s3cr3t-Zx81qy", host)
	return smtp.SendMail(host+":25", auth, "a@example.com", []string{"b@example.net"}, message)
}
