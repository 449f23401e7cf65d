package wire

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/resolve"
)

// networkFault says in the words of package fault why no answer came. Types
// are asked first; text only where the library gives nothing else.
func networkFault(ctx context.Context, r *resolve.Resolution, u *url.URL, err error) *fault.Err {
	if f := ended(ctx, r); f != nil {
		return f
	}
	var f *fault.Err
	if errors.As(err, &f) { // made where it was known: signer, proxy
		own := *f
		own.Subject, own.Deployment = or(own.Subject, or(r.Model, r.ModelName)), or(own.Deployment, r.ModelName)
		return &own
	}
	for _, ask := range []func(*url.URL, error) *fault.Err{
		proxyFault, schemeFault, tlsFault, dnsFault, timeoutFault, socketFault,
	} {
		if f := ask(u, err); f != nil {
			f.Subject, f.Deployment, f.Cause = or(r.Model, r.ModelName), r.ModelName, err
			return f
		}
	}
	return failure(r, "net.failed", "no answer from "+u.Host+": "+err.Error(), err)
}

// proxyFault is about the way to the proxy; net/http marks it with an
// operation of its own.
func proxyFault(u *url.URL, err error) *fault.Err {
	var op *net.OpError
	if errors.As(err, &op) && (op.Op == "proxyconnect" || strings.HasPrefix(op.Op, "socks")) {
		return &fault.Err{Code: "proxy.failed", Message: "the proxy on the way to " + u.Host + " cannot be reached: " + op.Err.Error()}
	}
	return nil
}

// schemeFault is about http spoken to a TLS port and the other way round.
func schemeFault(u *url.URL, err error) *fault.Err {
	var record tls.RecordHeaderError
	switch {
	case errors.Is(err, http.ErrSchemeMismatch), errors.As(err, &record) && strings.HasPrefix(string(record.RecordHeader[:]), "HTTP/"):
		return &fault.Err{Code: "net.scheme", Message: u.Host + " speaks http and was called with https", Hint: "write http:// in the base if that is meant: the key then crosses the network unencrypted"}
	case strings.Contains(err.Error(), `malformed HTTP response "\x15\x03`):
		return &fault.Err{Code: "net.scheme", Message: u.Host + " speaks https and was called with http", Hint: "write https:// in the base"}
	// The second text is net/http's for a server that speaks before it is
	// asked (SSH, SMTP) and wins the race against the request.
	case strings.Contains(err.Error(), "malformed HTTP"), strings.Contains(err.Error(), "readLoopPeekFailLocked: %!w(<nil>)"), errors.As(err, &record):
		return &fault.Err{Code: "answer.not-api", Message: "what listens at " + u.Host + " does not speak " + u.Scheme}
	}
	return nil
}

// tlsFault is about the certificate or the handshake.
func tlsFault(u *url.URL, err error) *fault.Err {
	var (
		authority x509.UnknownAuthorityError
		host      x509.HostnameError
		invalid   x509.CertificateInvalidError
		verify    *tls.CertificateVerificationError
		op        *net.OpError
	)
	switch {
	case errors.As(err, &authority):
		return &fault.Err{
			Code: "net.tls", Message: "the certificate of " + u.Host + " is signed by an authority that is not trusted here: " + issuer(authority.Cert),
			Hint: "if it is your company's, name its file in SSL_CERT_FILE; REQUESTS_CA_BUNDLE and NODE_EXTRA_CA_CERTS have no effect here",
		}
	case errors.As(err, &host):
		return &fault.Err{Code: "net.tls", Message: "the certificate of " + u.Host + " is for " + names(host.Certificate), Hint: "correct the host of the base, or look for a proxy that answers in its place"}
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return &fault.Err{Code: "net.tls", Message: "the certificate of " + u.Host + " is not valid now: " + validity(invalid.Cert), Hint: "check the clock of this machine, then tell the owner of the server"}
	case errors.As(err, &invalid), errors.As(err, &verify):
		return &fault.Err{Code: "net.tls", Message: "the certificate of " + u.Host + " is not accepted: " + err.Error()}
	case errors.As(err, &op) && (op.Op == "remote error" || op.Op == "local error"):
		return &fault.Err{Code: "net.tls", Message: "the handshake with " + u.Host + " failed: " + op.Err.Error()}
	case strings.HasPrefix(err.Error(), "tls: "):
		return &fault.Err{Code: "net.tls", Message: "the handshake with " + u.Host + " failed: " + err.Error()}
	}
	return nil
}

func issuer(c *x509.Certificate) string {
	if c == nil {
		return "unknown"
	}
	return or(c.Issuer.String(), "an issuer without a name")
}

func names(c *x509.Certificate) string {
	if c == nil {
		return "another name"
	}
	all := append([]string{}, c.DNSNames...)
	for _, ip := range c.IPAddresses {
		all = append(all, ip.String())
	}
	if len(all) > 3 {
		all = append(all[:3], "…")
	}
	return or(strings.Join(all, ", "), or(c.Subject.CommonName, "no name at all"))
}

func validity(c *x509.Certificate) string {
	if c == nil {
		return "its dates are unknown"
	}
	const day = "2006-01-02"
	return "from " + c.NotBefore.UTC().Format(day) + " to " + c.NotAfter.UTC().Format(day)
}

func dnsFault(u *url.URL, err error) *fault.Err {
	var dns *net.DNSError
	if !errors.As(err, &dns) {
		return nil
	}
	why := dns.Err
	switch {
	case dns.IsNotFound:
		why = "no such host"
	case dns.IsTimeout:
		why = "the resolver did not answer in time"
	}
	return &fault.Err{Code: "net.dns", Message: u.Hostname() + " does not resolve: " + why}
}

func timeoutFault(u *url.URL, err error) *fault.Err {
	var timed net.Error
	if errors.As(err, &timed) && timed.Timeout() || errors.Is(err, syscall.ETIMEDOUT) {
		return &fault.Err{Code: "net.timeout", Message: "no answer from " + u.Host + " in time: " + err.Error()}
	}
	return nil
}

// socketFault reads what the operating system said. The bare numbers are
// Winsock's, which package syscall has no names for on every system.
func socketFault(u *url.URL, err error) *fault.Err {
	var errno syscall.Errno
	_ = errors.As(err, &errno) // 0 when it is none: matches nothing below
	switch errno {
	case syscall.ECONNREFUSED, 10061:
		return &fault.Err{Code: "net.refused", Message: "nothing listens at " + u.Host}
	case syscall.EHOSTUNREACH, syscall.ENETUNREACH, syscall.EHOSTDOWN, syscall.ENETDOWN, 10051, 10065:
		return &fault.Err{Code: "net.unreachable", Message: "no route to " + u.Host}
	case syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNABORTED, 10053, 10054:
		return &fault.Err{Code: "net.reset", Message: u.Host + " cut the connection"}
	default:
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		strings.Contains(err.Error(), "stream error:") || strings.Contains(err.Error(), "GOAWAY") ||
		strings.Contains(err.Error(), "server closed idle connection") {
		return &fault.Err{Code: "net.reset", Message: u.Host + " cut the connection before it answered"}
	}
	return nil
}
