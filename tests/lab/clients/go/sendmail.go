package main

import (
	"crypto/tls"
	"encoding/json"
	"errors"
	"net"
	"net/smtp"
	"net/textproto"
	"strings"
)

type sendMailSettings struct {
	Addr     string `json:"addr"`
	Auth     string `json:"auth"`
	Username string `json:"username"`
	Password string `json:"password"`
}

// smtp.SendMail does not say where it stopped; its error and the server's reply do.
func stageOf(err error) string {
	var operation *net.OpError
	var reply *textproto.Error
	var verification *tls.CertificateVerificationError
	text := err.Error()
	switch {
	case errors.As(err, &operation) && operation.Op == "dial":
		return "connect"
	case errors.As(err, &verification), strings.Contains(text, "tls:"), strings.Contains(text, "TLS"):
		return "starttls"
	case strings.Contains(text, "AUTH"), strings.Contains(text, "unencrypted connection"):
		return "auth"
	case errors.As(err, &reply) && (reply.Code == 535 || reply.Code == 503 || strings.Contains(text, "uthentication")):
		return "auth"
	case strings.Contains(text, "No client certificate presented"):
		return "starttls" // Client.StartTLS ends with the second EHLO
	case errors.As(err, &reply) && strings.Contains(text, "no valid recipients"):
		return "data"
	case errors.As(err, &reply) && strings.Contains(text, "STARTTLS"):
		return "mail"
	case errors.As(err, &reply) && strings.Contains(text, "<"):
		return "rcpt"
	case errors.As(err, &reply):
		return "data"
	}
	return "banner"
}

// Where a connection is lost before any reply tells: SendMail's first steps once more, one by one.
func lostAt(addr, host string) string {
	client, err := smtp.Dial(addr)
	if err != nil {
		return "banner"
	}
	defer client.Close()
	if err := client.Hello("localhost"); err != nil {
		return "ehlo"
	}
	if offered, _ := client.Extension("STARTTLS"); offered {
		if err := client.StartTLS(&tls.Config{ServerName: host}); err != nil {
			return "starttls"
		}
	}
	return "banner"
}

func sendMail(j job) result {
	var s sendMailSettings
	if err := json.Unmarshal([]byte(j.Text), &s); err != nil {
		return failed("config", err.Error(), nil)
	}
	host, _, _ := net.SplitHostPort(s.Addr)
	auth := authOf(settings{auth: s.Auth, username: s.Username, password: s.Password, secret: s.Password, host: host})
	if err := smtp.SendMail(s.Addr, auth, j.From, []string{j.To}, []byte(j.Message)); err != nil {
		stage := stageOf(err)
		if stage == "banner" {
			stage = lostAt(s.Addr, host)
		}
		return failed(stage, err.Error(), nil)
	}
	return result{Works: true}
}
