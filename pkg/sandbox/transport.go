package sandbox

import (
	"context"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// Transport carries a request for any host to the sandbox, over plain HTTP and
// with its Host header kept. Nothing leaves the machine. Hosts of
// Options.Unresolvable and Options.Refused fail as they would on a network.
func (s *Server) Transport() http.RoundTripper {
	address := s.listen.Addr().String()
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "tcp4", address)
	}
	return &transport{s: s, inner: &http.Transport{
		Proxy:               nil, // not even the environment's proxy sees the demo
		DialContext:         dial,
		MaxIdleConnsPerHost: 64,
	}}
}

type transport struct {
	s     *Server
	inner *http.Transport
}

// RoundTrip sends a changed copy; the answer names the request as it was.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	host := strings.ToLower(r.URL.Hostname())
	if slices.Contains(t.s.options.Unresolvable, host) {
		closeBody(r)
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}}
	}
	if slices.Contains(t.s.options.Refused, host) || slices.Contains(t.s.options.Refused, r.URL.Host) {
		closeBody(r)
		return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: where(r), Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	}
	c := r.Clone(r.Context())
	if c.Host == "" {
		c.Host = r.URL.Host
	}
	c.URL.Scheme, c.URL.Host = "http", t.s.listen.Addr().String()
	resp, err := t.inner.RoundTrip(c)
	if resp != nil {
		resp.Request = r
	}
	return resp, err
}

// CloseIdleConnections lets http.Client close what is open.
func (t *transport) CloseIdleConnections() { t.inner.CloseIdleConnections() }

func closeBody(r *http.Request) {
	if r.Body != nil {
		_ = r.Body.Close()
	}
}

// where is the address that a refused connection names.
func where(r *http.Request) net.Addr {
	port := 443
	if r.URL.Scheme == "http" {
		port = 80
	}
	if p, err := strconv.ParseUint(r.URL.Port(), 10, 16); err == nil && p > 0 {
		port = int(p)
	}
	ip := net.ParseIP(r.URL.Hostname())
	if ip == nil {
		ip = net.IPv4(127, 0, 0, 1)
	}
	return &net.TCPAddr{IP: ip, Port: port}
}
