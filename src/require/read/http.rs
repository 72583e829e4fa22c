//! Reading requirements of web servers.

use super::{List, Read, matcher};
use crate::machine::Request;
use crate::matching::{Matcher, Order};
use crate::require::format::{HTTP, SEND};
use crate::require::{HttpNeed, Need};
use crate::rules::{Kind, Node};

/// What a server can be asked.
pub(in crate::require) const METHODS: &[(&str, &str)] = &[
    ("GET", "GET"),
    ("HEAD", "HEAD"),
    ("POST", "POST"),
    ("PUT", "PUT"),
    ("PATCH", "PATCH"),
    ("DELETE", "DELETE"),
    ("OPTIONS", "OPTIONS"),
];

impl List<'_> {
    pub(super) fn http<'n>(&mut self, node: &'n Node) -> Option<Read<'n>> {
        let (url, fields) = self.named(node, &HTTP)?;
        let said = fields.as_ref();
        let after = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
        let host = after.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
        if host.is_none_or(|host| host.is_empty() || host.contains('@'))
            || url.chars().any(|c| c.is_control() || c == ' ')
        {
            let help = "such as http://localhost:4000/health".to_owned();
            let at = Self::at(node, said, "url");
            self.reader.problem(
                at.span.clone(),
                format!("`{url}` is no address of a web server"),
                Some(help),
            );
            return None;
        }
        let get = |key: &str| said.and_then(|fields| fields.get(key));
        let method = get("method").and_then(|node| self.reader.one_of(node, "method", METHODS));
        let wanted_headers = self.headers(get("headers"));
        let (sent, body) = self.sent(get("send"));
        let timeout = match said {
            Some(fields) => self.timeout(fields),
            None => std::time::Duration::from_secs(5),
        };
        let request = Request {
            method: method.unwrap_or("GET").to_owned(),
            url,
            headers: sent,
            body,
            follow: self.flag(said, "follow"),
            insecure: self.flag(said, "insecure"),
            timeout: u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX),
            wanted: get("body").and_then(|node| matcher::text(self.reader, node)),
            wanted_headers,
        };
        // Whatever is no mistake of the server's or of whoever asks.
        let usual = || Matcher::Compares(Order::Less, "400".to_owned());
        let status = self.value(said, "status").unwrap_or_else(usual);
        Some((Need::Http(Box::new(HttpNeed { request, status })), fields))
    }

    /// Headers of the answer, and what they must be.
    fn headers(&mut self, node: Option<&Node>) -> Vec<(String, Matcher)> {
        let headers = self.entries(node).into_iter();
        headers.filter_map(|(name, node)| Some((name, matcher::text(self.reader, node)?))).collect()
    }

    /// What is sent: headers and a body.
    fn sent(&mut self, node: Option<&Node>) -> (Vec<(String, String)>, Option<String>) {
        let Some(fields) = node.and_then(|node| self.reader.map(node, SEND)) else {
            return (Vec::new(), None);
        };
        let headers = self.entries(fields.get("headers"));
        let headers = headers.into_iter().filter_map(|(name, node)| Some((name, self.word(node)?))).collect();
        (headers, fields.get("body").and_then(|node| self.reader.text(node)))
    }

    /// The headers of a map, by name.
    fn entries<'n>(&mut self, node: Option<&'n Node>) -> Vec<(String, &'n Node)> {
        let Some(node) = node else { return Vec::new() };
        let Kind::Map(entries) = &node.kind else {
            let help = "such as {Content-Type: application/json}".to_owned();
            self.reader.problem(node.span.clone(), "this must be a map of headers", Some(help));
            return Vec::new();
        };
        let mut headers = Vec::new();
        for (key, value) in entries {
            let Some(name) = self.reader.text(key) else { continue };
            match name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_') {
                true => headers.push((name, value)),
                false => self.reader.problem(key.span.clone(), format!("`{name}` is no header"), None),
            }
        }
        headers
    }
}
