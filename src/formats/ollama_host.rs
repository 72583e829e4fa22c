//! OLLAMA_HOST, as Ollama reads it (`envconfig.Host`).

use std::net::IpAddr;

/// The address at which a client reaches the server: `http://127.0.0.1:11434`.
pub fn ollama_address(variable: &str) -> String {
    let value = variable.trim().trim_matches(['"', '\'']).trim();
    let (scheme, rest, default_port) = match value.split_once("://") {
        // An address without a port means the port of its scheme, not Ollama's own.
        Some(("https", rest)) => ("https", rest, 443),
        Some(("http", rest)) => ("http", rest, 80),
        Some((_, rest)) => ("http", rest, 11434),
        None if value == "ollama.com" => ("https", value, 443),
        None => ("http", value, 11434),
    };
    let (host_and_port, _) = rest.split_once('/').unwrap_or((rest, ""));
    // The name and password of an address are nobody's business.
    let host_and_port = host_and_port.rsplit_once('@').map_or(host_and_port, |(_, host)| host);
    let (host, port) = split(host_and_port);
    let port = match port {
        Some(port) => port.parse::<u16>().unwrap_or(default_port),
        None => default_port,
    };
    let host = match host {
        // A server that listens everywhere is reached here.
        "" | "0.0.0.0" => "127.0.0.1".to_owned(),
        "::" => "[::1]".to_owned(),
        host if host.parse::<IpAddr>().is_ok_and(|address| address.is_ipv6()) => format!("[{host}]"),
        host => host.to_owned(),
    };
    format!("{scheme}://{host}:{port}")
}

fn split(text: &str) -> (&str, Option<&str>) {
    if let Some((host, rest)) = text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return (host, rest.strip_prefix(':'));
    }
    match text.rsplit_once(':') {
        // An IPv6 address without brackets.
        Some((host, _)) if host.contains(':') => (text, None),
        Some((host, port)) => (host, Some(port)),
        None => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_that_ollama_reads() {
        for (variable, address) in [
            ("", "http://127.0.0.1:11434"),
            ("0.0.0.0", "http://127.0.0.1:11434"),
            ("0.0.0.0:8080", "http://127.0.0.1:8080"),
            (":8080", "http://127.0.0.1:8080"),
            ("localhost", "http://localhost:11434"),
            ("http://localhost:11434", "http://localhost:11434"),
            ("http://localhost:11434/", "http://localhost:11434"),
            ("http://localhost", "http://localhost:80"),
            ("https://gpu.example.com", "https://gpu.example.com:443"),
            ("gpu.example.com:1", "http://gpu.example.com:1"),
            ("[::]:1234", "http://[::1]:1234"),
            ("::1", "http://[::1]:11434"),
            ("[::1]", "http://[::1]:11434"),
            ("1.2.3.4:99999", "http://1.2.3.4:11434"),
            (" \"localhost:1\" ", "http://localhost:1"),
            ("http://me:s3cret@localhost:1", "http://localhost:1"),
        ] {
            assert_eq!(ollama_address(variable), address, "{variable}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_value_is_too_odd(value in r#"([a-z0-9:/@\[\]."' é]|://){0,24}"#) {
            proptest::prop_assert!(ollama_address(&value).starts_with("http"));
        }
    }
}
