package wire

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/llmctl/llmctl/pkg/fault"
)

// listen accepts on loopback and hands each connection to serve.
func listen(t *testing.T, serve func(net.Conn)) (hostport string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go serve(conn)
		}
	}()
	return l.Addr().String()
}

// closedPort is an address where nothing listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close()
	return addr
}

// readHead reads a request up to its blank line.
func readHead(conn net.Conn) {
	r := bufio.NewReader(conn)
	for {
		line, err := r.ReadString('\n')
		if err != nil || line == "\r\n" {
			return
		}
	}
}

// certified is a TLS server with a certificate made by shape, and a pool that
// trusts it.
func certified(t *testing.T, shape func(*x509.Certificate)) (address string, pool *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	cert := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test Authority"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	shape(cert)
	der, err := x509.CreateCertificate(rand.Reader, cert, cert, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(say(200, "application/json", listBody))
	s.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	s.Config.ErrorLog = quietLog()
	s.StartTLS()
	t.Cleanup(s.Close)
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool = x509.NewCertPool()
	pool.AddCert(parsed)
	return s.URL, pool
}

func TestNetworkFaults(t *testing.T) {
	plain := serve(t, say(200, "application/json", listBody))
	secure := httptest.NewUnstartedServer(say(200, "application/json", listBody))
	secure.Config.ErrorLog = quietLog()
	secure.StartTLS()
	t.Cleanup(secure.Close)
	expired, expiredPool := certified(t, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) })
	misnamed, misnamedPool := certified(t, func(c *x509.Certificate) { c.IPAddresses, c.DNSNames = nil, []string{"other.example"} })
	noHandshake := listen(t, func(c net.Conn) {
		// A handshake_failure alert, as a middlebox sends it.
		_, _ = io.ReadFull(c, make([]byte, 5))
		_, _ = c.Write([]byte{0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28})
		_ = c.Close()
	})
	reset := listen(t, func(c net.Conn) {
		readHead(c)
		_ = c.(*net.TCPConn).SetLinger(0)
		_ = c.Close()
	})
	hangup := listen(t, func(c net.Conn) { readHead(c); _ = c.Close() })
	hole := listen(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
	banner := listen(t, func(c net.Conn) { _, _ = io.WriteString(c, "SSH-2.0-OpenSSH_9.6\r\n"); readHead(c); _ = c.Close() })
	alert := listen(t, func(c net.Conn) {
		readHead(c)
		_, _ = c.Write([]byte{0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x16, '\n'})
		_ = c.Close()
	})
	cutBody := listen(t, func(c net.Conn) {
		readHead(c)
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"data\":")
		_ = c.Close()
	})
	proxy407 := listen(t, func(c net.Conn) {
		readHead(c)
		_, _ = io.WriteString(c, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n")
		_ = c.Close()
	})
	proxy503 := listen(t, func(c net.Conn) {
		readHead(c)
		_, _ = io.WriteString(c, "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
		_ = c.Close()
	})
	socks := listen(t, func(c net.Conn) {
		_, _ = io.ReadFull(c, make([]byte, 3))
		_, _ = c.Write([]byte{5, 0xff})
		_ = c.Close()
	})

	trust := func(pool *x509.CertPool) func(*http.Transport) {
		return func(tr *http.Transport) {
			tr.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
		}
	}
	resolver := func(answer error) func(*http.Transport) {
		return func(tr *http.Transport) {
			tr.DialContext = (&net.Dialer{Resolver: &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) { return nil, answer }}}).DialContext
		}
	}
	const far = "https://api.provider.test"
	for _, tc := range []struct {
		name  string
		base  string
		env   map[string]string
		tune  func(*http.Transport)
		limit time.Duration
		code  fault.Code
		says  string // the fact that the message must name
	}{
		{name: "closed port", base: "http://" + closedPort(t), code: "net.refused", says: "127.0.0.1"},
		{name: "name that does not exist", base: "http://no-such-host.invalid", code: "net.dns", says: "no-such-host.invalid"},
		{name: "resolver that cannot be reached", base: far, tune: resolver(errors.New("no resolver")), code: "net.dns", says: "api.provider.test"},
		{name: "no route", base: "http://203.0.113.7", tune: dialing(&net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ENETUNREACH)}), code: "net.unreachable", says: "203.0.113.7"},
		{name: "something nobody has a word for", base: far, tune: dialing(errors.New("gremlins")), code: "net.failed", says: "gremlins"},
		{name: "one call's own limit", base: "http://" + hole, limit: 50 * time.Millisecond, code: "net.timeout", says: "127.0.0.1"},
		{name: "reset", base: "http://" + reset, code: "net.reset"},
		{name: "hang-up without an answer", base: "http://" + hangup, code: "net.reset"},
		{name: "hang-up inside the body", base: "http://" + cutBody, code: "net.reset"},
		{name: "unknown authority", base: secure.URL, code: "net.tls", says: "Acme Co"},
		{name: "expired certificate", base: expired, tune: trust(expiredPool), code: "net.tls", says: "not valid now"},
		{name: "another name", base: misnamed, tune: trust(misnamedPool), code: "net.tls", says: "other.example"},
		{name: "handshake alert", base: "https://" + noHandshake, code: "net.tls", says: "handshake"},
		{name: "https to an http port", base: strings.Replace(plain.URL, "http:", "https:", 1), code: "net.scheme", says: "speaks http"},
		{name: "http to a TLS port", base: strings.Replace(secure.URL, "https:", "http:", 1), code: "net.scheme", says: "speaks https"},
		{name: "http to a TLS port that answers in TLS", base: "http://" + alert, code: "net.scheme", says: "speaks https"},
		{name: "another protocol", base: "http://" + banner, code: "answer.not-api", says: "does not speak http"},
		{name: "proxy down", base: far, env: map[string]string{"HTTPS_PROXY": "http://" + closedPort(t)}, code: "proxy.failed", says: "api.provider.test"},
		{name: "proxy wants credentials", base: far, env: map[string]string{"https_proxy": proxy407}, code: "proxy.refused-connect", says: "407"},
		{name: "proxy refuses with a 503", base: far, env: map[string]string{"HTTPS_PROXY": "http://" + proxy503}, code: "proxy.refused-connect", says: "503"},
		{name: "proxy with a password that refuses", base: far, env: map[string]string{"HTTPS_PROXY": "http://u:" + canary + "@" + proxy503}, code: "proxy.refused-connect", says: "503"},
		{name: "proxy with a password that is down", base: far, env: map[string]string{"HTTPS_PROXY": "http://u:" + canary + "@" + closedPort(t)}, code: "proxy.failed"},
		{name: "proxy of a plain call wants credentials", base: "http://api.provider.test", env: map[string]string{"HTTP_PROXY": proxy407}, code: "proxy.refused-connect", says: "407"},
		{name: "SOCKS proxy refuses", base: far, env: map[string]string{"HTTPS_PROXY": "socks5://" + socks}, code: "proxy.failed"},
		{name: "proxy with a scheme nobody speaks", base: far, env: map[string]string{"HTTPS_PROXY": "socks://" + socks}, code: "proxy.failed", says: "socks"},
		{name: "proxy with quotes in its value", base: far, env: map[string]string{"HTTPS_PROXY": `"http://p:1"`}, code: "proxy.failed", says: "quotes"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tr := NewTransport(tc.env)
			defer tr.CloseIdleConnections()
			if tc.tune != nil {
				tc.tune(tr)
			}
			ctx := t.Context()
			if tc.limit > 0 {
				var stop context.CancelFunc
				ctx, stop = context.WithTimeout(ctx, tc.limit)
				defer stop()
			}
			p := (&Client{Transport: tr, Now: time.Now}).Probe(ctx, at(chatRow(), tc.base))
			if p.Code != tc.code || p.Err == nil {
				t.Fatalf("got %v, want %s", p.Err, tc.code)
			}
			if !strings.Contains(p.Err.Message, tc.says) {
				t.Errorf("%q does not say %q", p.Err.Message, tc.says)
			}
			if p.Err.Subject != "openai/test-model" || p.Err.Deployment != "it" {
				t.Errorf("subject %q, deployment %q", p.Err.Subject, p.Err.Deployment)
			}
			if text := fmt.Sprintf("%+v %#v", p, p.Err); strings.Contains(text, canary) {
				t.Error("the key stands in the error")
			}
		})
	}
}

// quietLog swallows what a test server says of broken handshakes.
func quietLog() *log.Logger { return log.New(io.Discard, "", 0) }

// dialing fails every dial with err.
func dialing(err error) func(*http.Transport) {
	return func(tr *http.Transport) {
		tr.DialContext = func(context.Context, string, string) (net.Conn, error) { return nil, err }
	}
}

func TestWhoseTimeLimit(t *testing.T) {
	hole := listen(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
	r := at(chatRow(), "http://"+hole)
	total, stop := Limit(t.Context(), 30*time.Millisecond)
	defer stop()
	own, stopOwn := context.WithTimeout(total, time.Hour)
	defer stopOwn()
	if p := client(t).Probe(own, r); p.Code != "run.timeout" {
		t.Errorf("the user's limit: %v", p.Err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	if p := client(t).Probe(ctx, r); p.Code != "run.interrupted" {
		t.Errorf("an interruption: %v", p.Err)
	}
	ctx, stop = Limit(t.Context(), 0)
	defer stop()
	if _, has := ctx.Deadline(); has {
		t.Error("a limit of 0 is no limit")
	}
}

func TestProxyRules(t *testing.T) {
	for _, tc := range []struct {
		name, url, want string
		env             map[string]string
	}{
		{"https by its own variable", "https://api.x.test", "http://p:1", map[string]string{"HTTPS_PROXY": "http://p:1"}},
		{"HTTP_PROXY is not for https", "https://api.x.test", "", map[string]string{"HTTP_PROXY": "http://p:1"}},
		{"ALL_PROXY is not read", "https://api.x.test", "", map[string]string{"ALL_PROXY": "http://p:1"}},
		{"upper case wins", "https://api.x.test", "http://up:1", map[string]string{"HTTPS_PROXY": "http://up:1", "https_proxy": "http://low:1"}},
		{"no scheme", "https://api.x.test", "http://p.corp:3128", map[string]string{"HTTPS_PROXY": "p.corp:3128"}},
		{"loopback is direct", "http://127.0.0.1:8000", "", map[string]string{"HTTP_PROXY": "http://p:1"}},
		{"localhost is direct", "http://localhost:8000", "", map[string]string{"HTTP_PROXY": "http://p:1"}},
		{"::1 is direct", "http://[::1]:8000", "", map[string]string{"HTTP_PROXY": "http://p:1"}},
		{"a LAN address is not", "http://192.168.1.5:8000", "http://p:1", map[string]string{"HTTP_PROXY": "http://p:1"}},
		{"NO_PROXY host", "https://api.x.test", "", map[string]string{"HTTPS_PROXY": "http://p:1", "NO_PROXY": "a.test, api.x.test"}},
		{"NO_PROXY host covers what is below", "https://eu.api.x.test", "", map[string]string{"HTTPS_PROXY": "http://p:1", "NO_PROXY": "api.x.test"}},
		{"NO_PROXY is no substring", "https://myapi.x.test", "http://p:1", map[string]string{"HTTPS_PROXY": "http://p:1", "NO_PROXY": "api.x.test"}},
		{"NO_PROXY .suffix", "https://api.x.test", "", map[string]string{"HTTPS_PROXY": "http://p:1", "NO_PROXY": ".x.test"}},
		{"NO_PROXY .suffix is not the host itself", "https://x.test", "http://p:1", map[string]string{"HTTPS_PROXY": "http://p:1", "NO_PROXY": ".x.test"}},
		{"NO_PROXY *.suffix", "https://api.x.test", "", map[string]string{"HTTPS_PROXY": "http://p:1", "no_proxy": "*.x.test"}},
		{"NO_PROXY host:port", "https://api.x.test", "", map[string]string{"HTTPS_PROXY": "http://p:1", "NO_PROXY": "api.x.test:443"}},
		{"NO_PROXY another port", "https://api.x.test:8443", "http://p:1", map[string]string{"HTTPS_PROXY": "http://p:1", "NO_PROXY": "api.x.test:443"}},
		{"NO_PROXY range", "http://192.168.1.5", "", map[string]string{"HTTP_PROXY": "http://p:1", "NO_PROXY": "192.168.0.0/16"}},
		{"NO_PROXY *", "https://api.x.test", "", map[string]string{"HTTPS_PROXY": "http://p:1", "NO_PROXY": "*"}},
		{"NO_PROXY with a scheme is no rule", "https://api.x.test", "http://p:1", map[string]string{"HTTPS_PROXY": "http://p:1", "NO_PROXY": "https://api.x.test"}},
	} {
		req, err := http.NewRequestWithContext(t.Context(), "GET", tc.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		u, err := Proxy(tc.env)(req)
		got := ""
		if u != nil {
			got = u.String()
		}
		if err != nil || got != tc.want {
			t.Errorf("%s: got %q %v, want %q", tc.name, got, err, tc.want)
		}
	}
	req, _ := http.NewRequestWithContext(t.Context(), "GET", "http://api.x.test", nil)
	if _, err := Proxy(map[string]string{"HTTP_PROXY": "http://p:1", "REQUEST_METHOD": "GET"})(req); err == nil {
		t.Error("HTTP_PROXY was used where a CGI client could have set it")
	}
	if _, err := Proxy(map[string]string{"HTTP_PROXY": "://user:hunter2@%"})(req); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("a broken proxy value: %v", err)
	}
}
