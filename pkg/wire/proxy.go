package wire

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/llmctl/llmctl/pkg/fault"
)

// Proxy chooses the proxy of a request from env by the rules of Go programs,
// so that llmctl and other tools take the same way: HTTPS_PROXY for https,
// HTTP_PROXY for http (upper case first), NO_PROXY to go direct; ALL_PROXY is
// not read; loopback always goes direct. Values are those of env and not of
// the process.
//
// Source: golang.org/x/net/http/httpproxy, measured with Go 1.26.8.
func Proxy(env map[string]string) func(*http.Request) (*url.URL, error) {
	get := func(names ...string) string {
		for _, n := range names {
			if v := env[n]; v != "" {
				return v
			}
		}
		return ""
	}
	plain, secure := get("HTTP_PROXY", "http_proxy"), get("HTTPS_PROXY", "https_proxy")
	direct := exceptions(get("NO_PROXY", "no_proxy"))
	cgi := env["REQUEST_METHOD"] != ""
	return func(req *http.Request) (*url.URL, error) {
		name, value := "HTTPS_PROXY", secure
		if req.URL.Scheme == "http" {
			name, value = "HTTP_PROXY", plain
		}
		if value == "" || direct(req.URL) {
			return nil, nil
		}
		if cgi && name == "HTTP_PROXY" {
			return nil, &fault.Err{Code: "proxy.failed", Message: "HTTP_PROXY is not used where REQUEST_METHOD is set: a client could have set it"}
		}
		u, err := proxyURL(value)
		if err != nil {
			return nil, &fault.Err{Code: "proxy.failed", Message: name + " " + err.Error()}
		}
		return u, nil
	}
}

// proxyURL reads the value of a proxy variable. A scheme may be left out. The
// errors do not repeat the value: it may hold a password.
func proxyURL(value string) (*url.URL, error) {
	if strings.ContainsAny(value, "\"'") {
		return nil, errors.New("has quotes in its value")
	}
	u, err := url.Parse(value)
	if err != nil || u.Scheme == "" || u.Host == "" {
		u, err = url.Parse("http://" + value)
	}
	if err != nil || u.Host == "" {
		return nil, errors.New("is not the address of a proxy")
	}
	switch u.Scheme {
	case "http", "https", "socks5", "socks5h":
		return u, nil
	}
	return nil, errors.New("has the scheme " + u.Scheme + ", which is not spoken: use http, https or socks5")
}

// exceptions reads NO_PROXY: hosts (with everything below them), .suffixes,
// *.suffixes, addresses, address ranges, each with or without a port, or *.
func exceptions(list string) func(*url.URL) bool {
	var rules []func(host, port string) bool
	for _, item := range strings.Split(list, ",") {
		if item = strings.ToLower(strings.TrimSpace(item)); item != "" {
			rules = append(rules, exception(item))
		}
	}
	return func(u *url.URL) bool {
		host, port := strings.ToLower(strings.TrimSuffix(u.Hostname(), ".")), u.Port()
		if port == "" {
			port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
		}
		if host == "localhost" {
			return true
		}
		if ip, err := netip.ParseAddr(host); err == nil && ip.IsLoopback() {
			return true
		}
		for _, rule := range rules {
			if rule(host, port) {
				return true
			}
		}
		return false
	}
}

func exception(item string) func(host, port string) bool {
	if item == "*" {
		return func(string, string) bool { return true }
	}
	if network, err := netip.ParsePrefix(item); err == nil {
		return func(host, _ string) bool {
			ip, err := netip.ParseAddr(host)
			return err == nil && network.Contains(ip.Unmap())
		}
	}
	name, only := item, ""
	if h, p, err := net.SplitHostPort(item); err == nil {
		name, only = h, p
	}
	name = strings.Trim(name, "[]")
	exact := !strings.HasPrefix(name, ".") && !strings.HasPrefix(name, "*.")
	name = strings.TrimPrefix(strings.TrimPrefix(name, "*"), ".")
	return func(host, port string) bool {
		if only != "" && only != port {
			return false
		}
		return exact && host == name || strings.HasSuffix(host, "."+name)
	}
}
