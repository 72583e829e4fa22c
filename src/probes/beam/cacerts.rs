//! The certificates that Erlang trusts.

use std::path::Path;

use super::super::{Context, Probe};
use crate::facts::{Facts, Reading, Value};

pub(super) const PROBE: Probe = Probe {
    name: "trusted certificates",
    yields: &["cacerts.path", "cacerts.broken_variables"],
    usual: &[],
    apart: false,
    run,
};

/// Where `public_key:cacerts_get/0` looks on Linux, in its order (pubkey_os_cacerts.erl of OTP 25 to 29).
const FILES: &[&str] = &[
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
];
/// Flags of the emulator can name another file.
const FLAGS: &[&str] = &["ERL_FLAGS", "ERL_AFLAGS", "ERL_ZFLAGS", "ELIXIR_ERL_OPTIONS"];
/// Variables that name a file of trusted certificates, for Hex or for the tools that fetch beside it.
const VARIABLES: &[&str] =
    &["HEX_CACERTS_PATH", "SSL_CERT_FILE", "NIX_SSL_CERT_FILE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO"];
/// What Nix's build environment sets so that nothing is trusted there.
const NOWHERE: &str = "/no-cert-file.crt";

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    facts.add("cacerts.path", path(context), "/etc/ssl, /etc/pki");
    let broken = VARIABLES.iter().filter_map(|name| {
        let path =
            context.machine().env(name).present().filter(|path| !path.is_empty() && path != NOWHERE)?;
        let missing = context.machine().resolve(Path::new(&path)) == Reading::Absent;
        missing.then(|| format!("{name} ({path})"))
    });
    facts.add("cacerts.broken_variables", Reading::Present(Value::List(broken.collect())), "the environment");
    facts
}

fn path(context: &Context) -> Reading<Value> {
    let machine = context.machine();
    let set = |name: &&&str| machine.env(name).present().is_some_and(|flags| flags.contains("cacerts_path"));
    if let Some(name) = FLAGS.iter().find(set) {
        return Reading::Present((**name).into());
    }
    match machine.host() {
        Reading::Present(host) if host.family == "linux" => {}
        Reading::Present(_) => return Reading::Present("the system's keychain".into()),
        other => return other.and_then(|_| Reading::Absent),
    }
    for file in FILES {
        match machine.resolve(Path::new(file)) {
            Reading::Absent => {}
            found => return found.map(|_| (*file).into()),
        }
    }
    Reading::Absent
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probes::recorded::facts_of;

    fn facts(family: &str, recording: &str) -> (Reading<Value>, String) {
        let host = format!(
            "host: {{family: {family}, name: x, version: null, arch: x86_64, cpu: x, cpus: 1, memory: 1}}\n"
        );
        let facts = facts_of(&PROBE, &(host + recording));
        let broken = facts.get("cacerts.broken_variables").unwrap().reading.clone();
        (facts.get("cacerts.path").unwrap().reading.clone(), broken.present().unwrap().to_string())
    }

    #[test]
    fn the_first_file_that_is_there() {
        let fedora = "files: {/etc/pki/tls/certs/ca-bundle.crt: '', /etc/ssl/cert.pem: ''}";
        assert_eq!(facts("linux", fedora).0, Reading::Present("/etc/pki/tls/certs/ca-bundle.crt".into()));
        assert_eq!(facts("linux", "").0, Reading::Absent);
        assert_eq!(facts("macos", "").0, Reading::Present("the system's keychain".into()));
        let flags = "env: {ERL_AFLAGS: '-public_key cacerts_path /c.pem'}";
        assert_eq!(facts("linux", flags).0, Reading::Present("ERL_AFLAGS".into()));
    }

    #[test]
    fn variables_that_lead_nowhere() {
        let env =
            "env: {HEX_CACERTS_PATH: /none.pem, SSL_CERT_FILE: /c.pem, NIX_SSL_CERT_FILE: /no-cert-file.crt}";
        assert_eq!(
            facts("linux", &format!("{env}\nfiles: {{/c.pem: ''}}")).1,
            "HEX_CACERTS_PATH (/none.pem)"
        );
    }
}
