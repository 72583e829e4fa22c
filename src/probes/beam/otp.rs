//! Erlang/OTP, and the one that Elixir was compiled with.

use super::super::{Context, Probe, tools};
use crate::facts::{Facts, Reading, Value};

pub(super) const PROBE: Probe = Probe {
    name: "OTP",
    yields: &["elixir.otp_release", "otp.release", "otp.applications"],
    usual: &[],
    apart: false,
    run,
};

/// What `System.build_info/0` says, as it stands in the compiled module.
const BUILT: (&str, &str) = ("(compiled with Erlang/OTP ", ")");

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    if context.wants("elixir.otp_release") {
        let (reading, source) = compiled_with(context);
        facts.add("elixir.otp_release", reading, source);
    }
    if context.wants("otp.release") {
        let version = tools::path_and_version(context, "erl").1;
        facts.add("otp.release", version.and_then(|version| release(&version.to_string())), "erl");
    }
    if context.wants("otp.applications") {
        let (reading, source) = applications(context);
        facts.add("otp.applications", reading, source);
    }
    facts
}

fn compiled_with(context: &Context) -> (Reading<Value>, String) {
    let mut source = "elixir".to_owned();
    let reading = tools::locate(context, "elixir").real.and_then(|real| {
        let (after, before) = BUILT;
        for folder in tools::beam::elixir_folders(&real) {
            let file = folder.join("elixir/ebin/Elixir.System.beam");
            match context.machine().excerpt(&file, after, before) {
                Reading::Absent => {}
                answer => {
                    source = file.to_string_lossy().into_owned();
                    return answer.and_then(|text| release(&text));
                }
            }
        }
        // A stripped or wrapped Elixir does not tell.
        Reading::Absent
    });
    (reading, source)
}

/// `27` of `27.3.4.1`.
fn release(version: &str) -> Reading<Value> {
    match version.split('.').next().unwrap_or_default().parse::<i64>() {
        Ok(release) => Reading::Present(release.into()),
        Err(_) => Reading::failed(format!("'{version}' does not begin with a release of OTP")),
    }
}

fn applications(context: &Context) -> (Reading<Value>, String) {
    let mut source = "erl".to_owned();
    let reading = tools::locate(context, "erl").real.and_then(|real| {
        for root in tools::beam::otp_roots(&real) {
            let lib = root.join("lib");
            let names = match context.machine().list(&lib) {
                Reading::Present(names) => names,
                _ => continue,
            };
            // erts-15.2/bin has a lib/ of its own above it, and a system has many.
            if names.iter().any(|name| name.starts_with("stdlib-")) {
                source = lib.to_string_lossy().into_owned();
                let names =
                    names.iter().filter_map(|name| name.split_once('-')).map(|(name, _)| name.to_owned());
                let names: std::collections::BTreeSet<_> = names.collect();
                return Reading::Present(Value::List(names.into_iter().collect()));
            }
        }
        // An installation of another shape does not tell.
        Reading::Absent
    });
    (reading, source)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probes::recorded::facts_of;

    fn facts(recording: &str) -> Facts {
        facts_of(&PROBE, recording)
    }

    #[test]
    fn debians_elixir_and_otp() {
        let facts = facts(
            r#"
which: {elixir: /usr/bin/elixir, erl: /usr/bin/erl}
links: {/usr/bin/elixir: /usr/lib/elixir/bin/elixir, /usr/bin/erl: /usr/lib/erlang/bin/erl}
files:
  /usr/lib/elixir/lib/elixir/ebin/Elixir.System.beam: 'FOR1 1.14.0 (compiled with Erlang/OTP 24)x'
  /usr/lib/erlang/releases/25/OTP_VERSION: "25.2.3\n"
folders:
  /usr/lib/erlang/lib: [asn1-5.0.21, crypto-5.1.2, erl_interface-5.3, stdlib-4.2]
"#,
        );
        let reading = |name: &str| facts.get(name).unwrap().reading.clone();
        assert_eq!(reading("elixir.otp_release"), Reading::Present(24_i64.into()));
        assert_eq!(reading("otp.release"), Reading::Present(25_i64.into()));
        let names = ["asn1", "crypto", "erl_interface", "stdlib"].map(str::to_owned);
        assert_eq!(reading("otp.applications"), Reading::Present(Value::List(names.to_vec())));
    }

    #[test]
    fn what_is_not_there_and_what_does_not_tell() {
        assert!(facts("").iter().all(|(_, fact)| fact.reading == Reading::Absent));
        let stripped = facts(
            "which: {elixir: /opt/bin/elixir, erl: /opt/bin/erl}\nfiles: {/opt/bin/elixir: '', /opt/bin/erl: ''}",
        );
        assert_eq!(stripped.get("elixir.otp_release").unwrap().reading, Reading::Absent);
        assert_eq!(stripped.get("otp.applications").unwrap().reading, Reading::Absent);
        assert!(stripped.get("otp.release").unwrap().reading.why_unknown().is_some());
    }
}
