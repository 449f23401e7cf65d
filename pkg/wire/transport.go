package wire

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/llmctl/llmctl/pkg/fault"
)

// NewTransport makes the transport of a Client. env is the process environment
// as the caller read it; HTTP_PROXY, HTTPS_PROXY and NO_PROXY are taken from it
// and from nowhere else. A nil env means: no proxy.
//
// There is no limit on the wait for an answer: a model may think for minutes.
// Contexts and Client.Idle set that.
func NewTransport(env map[string]string) *http.Transport {
	dial := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:               Proxy(env),
		DialContext:         dial.DialContext,
		ForceAttemptHTTP2:   true, // an own dialer switches it off otherwise
		TLSHandshakeTimeout: 10 * time.Second,
		IdleConnTimeout:     90 * time.Second,
		MaxIdleConns:        256,
		MaxIdleConnsPerHost: 16, // doctor's default concurrency
		// Compressed streams are held back until a block is full.
		DisableCompression:     true,
		MaxResponseHeaderBytes: 1 << 20,
		OnProxyConnectResponse: refusedConnect,
	}
}

// refusedConnect keeps the status of a CONNECT that a proxy did not grant;
// without it only the reason phrase survives, and a proxy's "Service
// Unavailable" reads like the provider's.
func refusedConnect(_ context.Context, proxy *url.URL, req *http.Request, resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	f := &fault.Err{
		Code: "proxy.refused-connect", Status: resp.StatusCode,
		Message: "the proxy " + proxy.Host + " answered " + resp.Status + " to CONNECT " + req.URL.Host,
	}
	if resp.StatusCode == http.StatusProxyAuthRequired {
		f.Hint = "put user and password into the proxy variable, or ask for an exception for this host"
	}
	return f
}
