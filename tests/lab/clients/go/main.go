// Mail clients on Go's standard library, one job per line of JSON on stdin, one result per line on stdout.
//
// "mailpit" and "mailpit-forward" read MP_SMTP_RELAY_* and MP_SMTP_FORWARD_* settings with Mailpit's rules and make the
// same sequence of library calls, with the same words before each error, as Mailpit v1.30.5 (internal/smtpd/relay.go,
// forward.go, config/validators.go). "go-sendmail" is net/smtp.SendMail.
package main

import (
	"bufio"
	"encoding/json"
	"os"
)

type job struct {
	Product string `json:"product"`
	Text    string `json:"text"`
	From    string `json:"from"`
	To      string `json:"to"`
	Message string `json:"message"`
}

type result struct {
	Works    bool     `json:"works"`
	Stage    string   `json:"stage"`
	Text     string   `json:"text"`
	Warnings []string `json:"warnings"`
}

func failed(stage, text string, warnings []string) result {
	return result{Stage: stage, Text: text, Warnings: warnings}
}

func run(j job) result {
	switch j.Product {
	case "go-sendmail":
		return sendMail(j)
	case "mailpit-forward":
		return relay(j, "forward", "MP_SMTP_FORWARD_")
	default:
		return relay(j, "relay", "MP_SMTP_RELAY_")
	}
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 0, 1<<20), 1<<24)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var j job
		if err := json.Unmarshal(lines.Bytes(), &j); err != nil {
			panic(err)
		}
		if err := out.Encode(run(j)); err != nil {
			panic(err)
		}
	}
}
