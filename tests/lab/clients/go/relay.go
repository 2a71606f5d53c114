package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/smtp"
	"os"
)

// stageError is an error with the stage of the session in which it came.
type stageError struct {
	stage string
	error
}

func at(stage, format string, values ...any) error {
	return stageError{stage, fmt.Errorf(format, values...)}
}

// The connection up to where AUTH may be sent.
func connect(s settings) (*smtp.Client, error) {
	address := fmt.Sprintf("%s:%d", s.host, s.port)
	conf := &tls.Config{ServerName: s.host, InsecureSkipVerify: s.allowInsecure}
	if s.tls {
		conn, err := tls.Dial("tcp", address, conf)
		if err != nil {
			return nil, at("connect", "TLS dial error: %v", err)
		}
		client, err := smtp.NewClient(conn, s.host)
		if err != nil {
			conn.Close()
			return nil, at("banner", "SMTP client error: %v", err)
		}
		return client, nil
	}
	client, err := smtp.Dial(address)
	if err != nil {
		stage := "banner"
		var operation *net.OpError
		if errors.As(err, &operation) && operation.Op == "dial" {
			stage = "connect"
		}
		return nil, at(stage, "error connecting to %s: %v", address, err)
	}
	if name, err := os.Hostname(); err == nil {
		if err := client.Hello(name); err != nil {
			client.Close()
			return nil, at("ehlo", "error saying HELO/EHLO to %s: %v", address, err)
		}
	}
	if s.starttls {
		if err := client.StartTLS(conf); err != nil {
			client.Close()
			return nil, at("starttls", "error creating StartTLS config: %v", err)
		}
	}
	return client, nil
}

// loginAuth is LOGIN (draft-murchison-sasl-login) with no look at whether the connection is encrypted.
type loginAuth struct{ username, password string }

func (a loginAuth) Start(*smtp.ServerInfo) (string, []byte, error) { return "LOGIN", []byte{}, nil }

func (a loginAuth) Next(challenge []byte, more bool) ([]byte, error) {
	if !more {
		return nil, nil
	}
	switch string(challenge) {
	case "Username:":
		return []byte(a.username), nil
	case "Password:":
		return []byte(a.password), nil
	}
	return nil, errors.New("unknown fromServer")
}

func authOf(s settings) smtp.Auth {
	switch s.auth {
	case "plain":
		return smtp.PlainAuth("", s.username, s.password, s.host)
	case "login":
		return loginAuth{s.username, s.password}
	case "cram-md5":
		return smtp.CRAMMD5Auth(s.username, s.secret)
	}
	return nil
}

func transaction(c *smtp.Client, s settings, j job, tag string, warnings *[]string) error {
	if auth := authOf(s); auth != nil {
		if err := c.Auth(auth); err != nil {
			return at("auth", "error response to AUTH command: %s", err)
		}
	}
	if err := c.Mail(j.From); err != nil {
		words := map[string]string{"relay": "error sending MAIL command", "forward": "error response to MAIL command"}[tag]
		return at("mail", "%s: %s", words, err)
	}
	if err := c.Rcpt(j.To); err != nil {
		warning := fmt.Sprintf("error response to RCPT command for %s: %s", j.To, err)
		*warnings = append(*warnings, warning)
		if s.forwardSMTPErr {
			return at("rcpt", "%s", warning)
		}
	}
	w, err := c.Data()
	if err != nil {
		return at("data", "error response to DATA command: %s", err)
	}
	if _, err := w.Write([]byte(j.Message)); err != nil {
		return at("data", "error sending message: %s", err)
	}
	if err := w.Close(); err != nil {
		return at("data", "error closing connection: %s", err)
	}
	if err := c.Quit(); err != nil {
		return at("quit", "%s", err)
	}
	return nil
}

func relay(j job, tag, prefix string) result {
	s := parse(j.Text, prefix)
	if err := s.validate(tag); err != nil {
		return failed("config", err.Error(), nil)
	}
	warnings := []string{}
	client, err := connect(s)
	if err == nil {
		defer client.Close()
		err = transaction(client, s, j, tag, &warnings)
	}
	var staged stageError
	if errors.As(err, &staged) {
		return failed(staged.stage, staged.Error(), warnings)
	}
	return result{Works: true, Warnings: warnings}
}
