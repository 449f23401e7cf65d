package verdict

import (
	"testing"

	"github.com/llmctl/llmctl/pkg/fault"
)

// What STS, IAM Identity Center and Google's token endpoint say, in both forms
// that STS has.
// Sources: AWS STS API reference, common errors; RFC 6749, 5.2.
func TestSignInAnswers(t *testing.T) {
	sts := func(code, text string) [2]string {
		return [2]string{
			`{"Error":{"Code":"` + code + `","Message":"` + text + `","Type":"Sender"},"RequestId":"r-1"}`,
			`<?xml version="1.0"?>` + "\n" + `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>` + code +
				`</Code><Message>` + text + `</Message></Error><RequestId>r-1</RequestId></ErrorResponse>`,
		}
	}
	for _, c := range []struct {
		status int
		bodies [2]string
		code   fault.Code
		key    fault.Key
	}{
		{403, sts("InvalidClientTokenId", "The security token included in the request is invalid."), "auth.rejected", bad},
		{403, sts("SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided."), "auth.rejected", bad},
		{403, sts("SignatureDoesNotMatch", "Signature expired: 20261121T110000Z is now earlier than 20261121T115500Z"), "auth.clock", unsaid},
		{403, sts("ExpiredToken", "The security token included in the request is expired"), "auth.expired", bad},
		{403, sts("MissingAuthenticationToken", "Request is missing Authentication Token"), "auth.not-sent", unsaid},
		{403, sts("AccessDenied", "User: arn:aws:iam::1:user/me is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::1:role/r"), "auth.forbidden", fine},
		{400, sts("InvalidIdentityToken", "No provider found in your account for https:\\/\\/x"), "auth.rejected", bad},
		{400, sts("ExpiredTokenException", "Token expired"), "auth.expired", bad},
		{400, sts("Throttling", "Rate exceeded"), "", ""},
	} {
		for _, body := range c.bodies {
			v := Classify(Answer{Provider: "bedrock", Host: "sts.us-west-2.amazonaws.com", Status: c.status, Body: []byte(body)})
			if c.code == "" {
				if v.Code == "answer.not-api" || v.Code == "" {
					t.Errorf("%s: %q", body, v.Code)
				}
				continue
			}
			if v.Code != c.code || v.Key != c.key || !v.Certain || v.RequestID != "r-1" || v.Detail == "" {
				t.Errorf("%s\n%+v, want %s %s", body, v, c.code, c.key)
			}
		}
	}
	for _, c := range []struct {
		provider, host string
		status         int
		body           string
		code           fault.Code
	}{
		{"bedrock", "portal.sso.eu-west-1.amazonaws.com", 401, `{"message":"Session token not found or invalid","__type":"com.amazonaws.switchboard.portal#UnauthorizedException"}`, "auth.expired"},
		{"bedrock", "portal.sso.eu-west-1.amazonaws.com", 403, `{"message":"No access","__type":"ForbiddenException"}`, "auth.forbidden"},
		{"vertex_ai", "oauth2.googleapis.com", 400, `{"error":"invalid_grant","error_description":"Invalid JWT Signature."}`, "auth.rejected"},
		{"vertex_ai", "oauth2.googleapis.com", 400, `{"error":"invalid_grant","error_description":"Token has been expired or revoked."}`, "auth.expired"},
		{"vertex_ai", "oauth2.googleapis.com", 400, `{"error":"invalid_grant","error_description":"reauth related error (invalid_rapt)","error_subtype":"invalid_rapt"}`, "auth.expired"},
		{"vertex_ai", "oauth2.googleapis.com", 400, `{"error":"invalid_grant","error_description":"Invalid JWT: Token must be a short-lived token (60 minutes)."}`, "auth.clock"},
		// XML that is no such error stays a page, and a good status stays bad.
		{"bedrock", "bedrock.us-west-2.amazonaws.com", 403, `<html><title>Forbidden</title></html>`, "answer.not-api"},
		{"bedrock", "sts.us-west-2.amazonaws.com", 200, `<ErrorResponse><Error><Code>ExpiredToken</Code></Error></ErrorResponse>`, "auth.expired"},
	} {
		v := Classify(Answer{Provider: c.provider, Host: c.host, Status: c.status, Body: []byte(c.body)})
		if v.Code != c.code {
			t.Errorf("%s\n%+v, want %s", c.body, v, c.code)
		}
	}
}
