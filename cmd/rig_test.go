package cmd_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// rig answers for the whole internet: a forward proxy that ends TLS itself with
// a certificate of its own authority, for whatever host is asked for. llmctl
// under test reaches it through HTTPS_PROXY and SSL_CERT_FILE, with the hosts,
// TLS and headers of a real call. It writes down what arrived, so that a test
// asserts on the server's side which key went where. It shares no code with
// llmctl's client, resolver or sandbox.
type rig struct {
	listener net.Listener
	ca       *x509.Certificate
	key      *ecdsa.PrivateKey
	dir      string

	mu     sync.Mutex
	accept map[string]string // "host key" → how it answers: "", "cut", "hang", "silent" or one of failures
	log    *os.File
}

func startRig(dir string, accept []string) (*rig, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "llmctl test authority"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, ca, ca, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	if ca, err = x509.ParseCertificate(der); err != nil {
		return nil, err
	}
	pemBytes := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	if err := os.WriteFile(filepath.Join(dir, "ca.pem"), pemBytes, 0o600); err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(dir, "rig.log"))
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &rig{listener: l, ca: ca, key: key, dir: dir, accept: map[string]string{}, log: log}
	for _, a := range accept {
		words := append(strings.Fields(a), "")
		r.accept[words[0]+" "+words[1]] = words[2]
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go r.serve(c)
		}
	}()
	return r, nil
}

func (r *rig) close() {
	_ = r.listener.Close()
	_ = r.log.Close()
}

// serve answers one connection: CONNECT and then TLS, or plain HTTP.
func (r *rig) serve(c net.Conn) {
	defer func() { _ = c.Close() }()
	br := bufio.NewReader(c)
	scheme, host := "http", ""
	for {
		req, err := http.ReadRequest(br)
		if err != nil {
			return
		}
		if req.Method == http.MethodConnect {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
			t := tls.Server(c, &tls.Config{GetCertificate: r.certificate, NextProtos: []string{"http/1.1"}})
			if err := t.Handshake(); err != nil {
				return
			}
			c, br, scheme, host = t, bufio.NewReader(t), "https", req.Host
			continue
		}
		if host == "" {
			host = req.Host
		}
		body, _ := io.ReadAll(req.Body)
		r.answer(c, scheme, strings.TrimSuffix(req.Host, ":443"), req, body)
		if req.Close {
			return
		}
	}
}

func (r *rig) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: hello.ServerName},
		DNSNames: []string{hello.ServerName}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, r.ca, &r.key.PublicKey, r.key)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: r.key}, nil
}

// answer writes one log line a request and plays an Anthropic or an
// OpenAI-compatible server, by the header the key came in.
func (r *rig) answer(w io.ReadWriter, scheme, host string, req *http.Request, body []byte) {
	form, key := "none", ""
	for _, h := range []string{"X-Api-Key", "Api-Key", "X-Goog-Api-Key"} {
		if v := req.Header.Get(h); v != "" {
			form, key = strings.ToLower(h), v
		}
	}
	if v := req.Header.Get("Authorization"); v != "" {
		form, key = "authorization", strings.TrimPrefix(v, "Bearer ")
	}
	r.mu.Lock()
	_, _ = fmt.Fprintf(r.log, "%s %s://%s%s %s: %s\n", req.Method, scheme, host, req.URL.RequestURI(), form, key)
	mode, ok := r.accept[host+" "+key]
	r.mu.Unlock()

	anthropic := req.Header.Get("Anthropic-Version") != ""
	switch {
	case !ok && anthropic:
		reply(w, 401, "application/json", `{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"},"request_id":"req_rig"}`)
	case !ok:
		reply(w, 401, "application/json", `{"error":{"message":"Incorrect API key provided.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}`)
	case mode == "silent":
		_, _ = io.ReadAll(w) // ends when the caller closes the connection
	case mode != "" && req.Method == http.MethodPost:
		if status, text := failures(mode); status != 0 {
			reply(w, status, "application/json", text)
			return
		}
		r.begin(w, mode)
	case req.Method == http.MethodGet:
		reply(w, 200, "application/json", `{"object":"list","data":[{"id":"claude-sonnet-4-5","type":"model"},{"id":"gpt-4o","object":"model"}],"has_more":false}`)
	case anthropic:
		reply(w, 200, "text/event-stream", anthropicStream(lastText(body)))
	default:
		reply(w, 200, "text/event-stream", openaiStream(lastText(body)))
	}
}

// failures are whole answers that are no good, by mode.
func failures(mode string) (status int, body string) {
	switch mode {
	case "quota":
		return 429, `{"error":{"message":"You exceeded your current quota, please check your plan and billing details.","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}`
	case "rate":
		return 429, `{"error":{"message":"Rate limit reached for gpt-4o","type":"requests","param":null,"code":"rate_limit_exceeded"}}`
	case "broken":
		return 500, `{"error":{"message":"The server had an error while processing your request.","type":"server_error","param":null,"code":null}}`
	case "nomodel":
		return 404, `{"error":{"message":"The model does not exist or you do not have access to it.","type":"invalid_request_error","param":null,"code":"model_not_found"}}`
	}
	return 0, ""
}

// begin streams a first word and then stops: "cut" ends the body politely, and
// "hang" waits until the caller has gone, and writes that down.
func (r *rig) begin(w io.ReadWriter, mode string) {
	stream := openaiStream("begun")
	first := stream[:strings.Index(stream, "data: {\"id\":\"chatcmpl-rig\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,\"delta\":{},")]
	_, _ = fmt.Fprintf(w, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n", len(first), first)
	if mode == "cut" {
		_, _ = io.WriteString(w, "0\r\n\r\n")
		return
	}
	_, _ = io.ReadAll(w) // ends when the caller closes the connection
	r.mu.Lock()
	defer r.mu.Unlock()
	_, _ = fmt.Fprintln(r.log, "the caller has gone")
}

func reply(w io.Writer, status int, contentType, body string) {
	_, _ = fmt.Fprintf(w, "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s",
		status, http.StatusText(status), contentType, len(body), body)
}

// lastText finds the text of the last message of either wire.
func lastText(body []byte) string {
	var b struct {
		Messages []struct{ Content json.RawMessage }
	}
	if json.Unmarshal(body, &b) != nil || len(b.Messages) == 0 {
		return "?"
	}
	raw := b.Messages[len(b.Messages)-1].Content
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var parts []struct{ Text string }
	_ = json.Unmarshal(raw, &parts)
	for _, p := range parts {
		text += p.Text
	}
	return text
}

func quote(s string) string { b, _ := json.Marshal(s); return string(b) }

func anthropicStream(text string) string {
	return "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_rig\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-4-5\",\"content\":[],\"stop_reason\":null,\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}}\n\n" +
		"event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n" +
		"event: ping\ndata: {\"type\":\"ping\"}\n\n" +
		"event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":" + quote("rig: "+text) + "}}\n\n" +
		"event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n" +
		"event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":5}}\n\n" +
		"event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"
}

func openaiStream(text string) string {
	head := `{"id":"chatcmpl-rig","object":"chat.completion.chunk","created":1,"model":"gpt-4o","choices":[{"index":0,`
	return "data: " + head + `"delta":{"role":"assistant","content":""},"finish_reason":null}]}` + "\n\n" +
		"data: " + head + `"delta":{"content":` + quote("rig: "+text) + `},"finish_reason":null}]}` + "\n\n" +
		"data: " + head + `"delta":{},"finish_reason":"stop"}]}` + "\n\n" +
		`data: {"id":"chatcmpl-rig","object":"chat.completion.chunk","created":1,"model":"gpt-4o","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":5,"total_tokens":8}}` + "\n\n" +
		"data: [DONE]\n\n"
}
