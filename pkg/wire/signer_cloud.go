package wire

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/google"

	"github.com/llmctl/llmctl/pkg/secret"
)

// This file alone opens the secrets of a cloud sign-in.

// signs puts onto a request what proves who is calling. It is called on the
// clone that goes to the socket.
type signs func(req *http.Request, body []byte) error

// awsKeys are what AWS requests are signed with. session is zero for keys that
// last.
type awsKeys struct {
	id, key, session secret.Secret
	from             string // where they stand, for people
}

// sign computes a SigV4 signature. The signer is AWS's own, because a canonical
// request is easy to get nearly right.
func (k awsKeys) sign(ctx context.Context, now time.Time, service, region string) signs {
	return func(req *http.Request, body []byte) error {
		sum := sha256.Sum256(body)
		var c aws.Credentials
		put := func(to *string) func(string) error {
			return func(text string) error { *to = text; return nil }
		}
		_ = k.id.Sign(put(&c.AccessKeyID)) // put never fails
		_ = k.key.Sign(put(&c.SecretAccessKey))
		_ = k.session.Sign(put(&c.SessionToken))
		return v4.NewSigner().SignHTTP(ctx, c, req, hex.EncodeToString(sum[:]), service, region, now.UTC())
	}
}

// ssoToken sends the token of a login at IAM Identity Center.
func ssoToken(token secret.Secret) signs {
	return func(req *http.Request, _ []byte) error {
		token.SetHeader(req.Header, "X-Amz-Sso_bearer_token", "")
		return nil
	}
}

// signAs puts the headers back that a library had made.
func signAs(h http.Header) signs {
	return func(req *http.Request, _ []byte) error {
		for name, values := range h {
			req.Header[name] = values
		}
		return nil
	}
}

// unsigned sends nothing beside the body.
func unsigned(*http.Request, []byte) error { return nil }

// webForm is a form with a token in it: AssumeRoleWithWebIdentity has it in its
// body.
func webForm(form url.Values, name string, token secret.Secret) []byte {
	var out []byte
	_ = token.Sign(func(text string) error { // never fails
		form.Set(name, text)
		out = []byte(form.Encode())
		return nil
	})
	return out
}

// awsToken reads temporary keys out of the answer of STS or IAM Identity Center.
func awsToken(id, key, session, from string) awsKeys {
	return awsKeys{id: secret.New(id), key: secret.New(key), session: secret.New(session), from: from}
}

// account is a file of Google's, without what is secret in it.
type account struct {
	Type    string `json:"type"`
	Email   string `json:"client_email"`
	Project string `json:"project_id"`
}

// readAccount reads what can be shown of Google's credentials.
func readAccount(file secret.Secret) (a account, err error) {
	err = file.Sign(func(text string) error { return json.Unmarshal([]byte(text), &a) })
	return a, err
}

// googleHidden are the secrets in Google's credentials, to be taken out of
// whatever a server says.
func googleHidden(file secret.Secret) []secret.Secret {
	var f struct {
		Key     string `json:"private_key"`
		Refresh string `json:"refresh_token"`
		Client  string `json:"client_secret"`
	}
	_ = file.Sign(func(text string) error { return json.Unmarshal([]byte(text), &f) }) // was read before
	return []secret.Secret{secret.New(f.Key), secret.New(f.Refresh), secret.New(f.Client)}
}

// googleToken fetches an access token through way. Only the two types of
// credentials that name no other place to ask are handed to the library.
func googleToken(ctx context.Context, file secret.Secret, a account, way http.RoundTripper) (token secret.Secret, err error) {
	client := &http.Client{Transport: way, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	ctx = context.WithValue(ctx, oauth2.HTTPClient, client)
	err = file.Sign(func(text string) error {
		c, err := google.CredentialsFromJSONWithType(ctx, []byte(text), google.CredentialsType(a.Type), "https://www.googleapis.com/auth/cloud-platform")
		if err != nil {
			return err
		}
		t, err := c.TokenSource.Token()
		if err != nil {
			return err
		}
		token = secret.New(t.AccessToken)
		return nil
	})
	return token, err
}
