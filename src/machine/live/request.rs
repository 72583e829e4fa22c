//! Asking a web server on whatever machine, as the user's or a trusted project's settings require it.

use std::io::ErrorKind;
use std::time::Duration;

use ureq::http::{Request as HttpRequest, Uri};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Error, Proxy};

use super::super::{Header, Page, Reply, Request};
use super::http::is_loopback;
use crate::facts::Reading;
use crate::matching::Matcher;

/// Of a longer answer no more than this is looked at.
const LIMIT: u64 = 4 * 1024 * 1024;

/// So many times it follows where servers lead.
const REDIRECTS: u32 = 10;

pub(super) fn request(wanted: &Request) -> Reading<Reply> {
    let uri = wanted.url.parse::<Uri>().ok();
    let Some(host) = uri.as_ref().and_then(Uri::host) else {
        return Reading::failed(format!("'{}' is no address", wanted.url));
    };
    // The name needs no resolver, and a bare container has none that knows it.
    if host.eq_ignore_ascii_case("localhost") && wanted.url.starts_with("http://") {
        return match ask(wanted, &wanted.url.replacen(host, "127.0.0.1", 1), host) {
            Reading::Absent => ask(wanted, &wanted.url.replacen(host, "[::1]", 1), host),
            reading => reading,
        };
    }
    ask(wanted, &wanted.url, host)
}

fn ask(wanted: &Request, url: &str, host: &str) -> Reading<Reply> {
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::PlatformVerifier)
        .disable_verification(wanted.insecure)
        .build();
    let config = Agent::config_builder()
        .timeout_global(Some(Duration::from_millis(wanted.timeout)))
        .max_redirects(if wanted.follow { REDIRECTS } else { 0 })
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        // No proxy is asked for this machine.
        .proxy(if is_loopback(host) { None } else { Proxy::try_from_env() })
        .tls_config(tls)
        .user_agent(concat!("envdoctor/", env!("CARGO_PKG_VERSION")))
        .allow_non_standard_methods(true)
        .build();
    let mut request = HttpRequest::builder().method(wanted.method.as_str()).uri(url);
    for (name, value) in &wanted.headers {
        request = request.header(name, value);
    }
    let request = match request.body(wanted.body.clone().unwrap_or_default()) {
        Ok(request) => request,
        Err(error) => return Reading::failed(format!("{}: {error}", wanted.url)),
    };
    let agent = Agent::new_with_config(config);
    let answer = match wanted.body {
        Some(_) => agent.run(request),
        None => agent.run(request.map(|_| ())),
    };
    let answer = answer.and_then(|mut response| {
        let status = response.status().as_u16();
        let header = |(name, matcher): &(String, Matcher)| {
            let value = response.headers().get(name)?;
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            Some(Header { met: matcher.holds(&value), value })
        };
        let headers = wanted.wanted_headers.iter().map(header).collect();
        let body = match &wanted.wanted {
            None => true,
            Some(matcher) => {
                let body = response.body_mut().with_config().limit(LIMIT).lossy_utf8(true);
                matcher.holds(&body.read_to_string()?)
            }
        };
        Ok(Page { status, body, headers })
    });
    match answer {
        Ok(page) => Reading::Present(Reply::Page(page)),
        Err(Error::Timeout(_)) => Reading::TimedOut(wanted.timeout),
        Err(Error::ConnectionFailed) => Reading::Absent,
        Err(Error::Io(error))
            if matches!(error.kind(), ErrorKind::ConnectionRefused | ErrorKind::AddrNotAvailable) =>
        {
            Reading::Absent
        }
        Err(error) => Reading::failed(format!("{}: {error}", wanted.url)),
    }
}
