//! How much memory macOS lets the GPU wire.

use crate::facts::{Facts, Reading, Value};
use crate::probes::{Context, Probe};

pub(super) const PROBE: Probe = Probe {
    name: "the GPU's memory limit",
    yields: &["gpu.wired_limit", "gpu.wired_limit_rest"],
    usual: &[],
    apart: false,
    run,
};

/// Since macOS 14, in MiB.
const LIMIT: [&str; 3] = ["/usr/sbin/sysctl", "-n", "iogpu.wired_limit_mb"];
/// In macOS 13. Nothing says in which unit, but no limit is a TiB, and none is less than a MiB.
const OLDER: [&str; 3] = ["/usr/sbin/sysctl", "-n", "debug.iogpu.wired_limit"];

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    let host = context.machine().host();
    let (limit, source) = match &host {
        Reading::Present(host) if host.family == "macos" => limit(context),
        other => (other.clone().and_then(|_| Reading::Absent), &LIMIT),
    };
    facts.add("gpu.wired_limit", limit.clone().map(Value::from), source.join(" "));
    let rest = limit.and_then(|limit| host.map(|host| signed(host.memory) - signed(limit)));
    facts.add("gpu.wired_limit_rest", rest.map(Value::from), source.join(" "));
    facts
}

fn limit(context: &Context) -> (Reading<u64>, &'static [&'static str; 3]) {
    match asked(context, &LIMIT) {
        Reading::Absent => (asked(context, &OLDER).map(in_either_unit), &OLDER),
        limit => (limit.map(|mebibytes| mebibytes.saturating_mul(1 << 20)), &LIMIT),
    }
}

/// The limit that a setting holds: absent where there is no such setting. 0 is the system's default, of which nothing
/// but Metal itself tells how much it is.
fn asked(context: &Context, argv: &[&str]) -> Reading<u64> {
    match context.machine().run(argv) {
        Reading::Failed { stderr, .. } if stderr.contains("unknown oid") => Reading::Absent,
        answer => answer.and_then(|text| match text.trim().parse::<u64>() {
            Ok(0) => Reading::Absent,
            Ok(number) => Reading::Present(number),
            Err(error) => Reading::failed(format!("sysctl printed '{}': {error}", text.trim())),
        }),
    }
}

fn in_either_unit(number: u64) -> u64 {
    if number < 1 << 20 { number << 20 } else { number }
}

fn signed(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probes::gpu::tests::facts;

    const MAC: &str =
        "host: {family: macos, name: macOS, arch: aarch64, cpu: M2, cpus: 8, memory: 68719476736}\n";

    fn limits(more: &str) -> (Reading<Value>, Reading<Value>) {
        let facts = facts(&PROBE, &format!("{MAC}{more}"));
        let reading = |name: &str| facts.get(name).unwrap().reading.clone();
        (reading("gpu.wired_limit"), reading("gpu.wired_limit_rest"))
    }

    #[test]
    fn what_somebody_set() {
        let (limit, rest) =
            limits("runs: [{argv: [/usr/sbin/sysctl, -n, iogpu.wired_limit_mb], stdout: \"57344\\n\"}]");
        assert_eq!(limit, Reading::Present(Value::Integer(57_344 << 20)));
        assert_eq!(rest, Reading::Present(Value::Integer(8 << 30)));
        let (_, rest) =
            limits("runs: [{argv: [/usr/sbin/sysctl, -n, iogpu.wired_limit_mb], stdout: \"65537\\n\"}]");
        assert_eq!(rest, Reading::Present(Value::Integer(-(1 << 20))));
    }

    #[test]
    fn the_default_is_not_guessed() {
        let (limit, rest) =
            limits("runs: [{argv: [/usr/sbin/sysctl, -n, iogpu.wired_limit_mb], stdout: \"0\\n\"}]");
        assert_eq!((limit, rest), (Reading::Absent, Reading::Absent));
    }

    #[test]
    fn an_older_macos_and_an_answer_that_is_none() {
        let unknown = "unknown: [{question: !run {argv: [/usr/sbin/sysctl, -n, iogpu.wired_limit_mb]}, reading: \
                       !failed {code: 1, stderr: \"sysctl: unknown oid 'iogpu.wired_limit_mb'\"}}]\n";
        let older =
            "runs: [{argv: [/usr/sbin/sysctl, -n, debug.iogpu.wired_limit], stdout: \"1073741824\\n\"}]";
        assert_eq!(limits(&format!("{unknown}{older}")).0, Reading::Present(Value::Integer(1 << 30)));
        assert_eq!(in_either_unit(1024), 1 << 30);
        let odd = limits("runs: [{argv: [/usr/sbin/sysctl, -n, iogpu.wired_limit_mb], stdout: \"many\"}]");
        assert!(odd.0.why_unknown().unwrap().contains("'many'"));
    }

    #[test]
    fn no_other_system_has_it() {
        let linux =
            facts(&PROBE, "host: {family: linux, name: Debian, arch: x86_64, cpu: x, cpus: 1, memory: 1}");
        assert_eq!(linux.get("gpu.wired_limit").unwrap().reading, Reading::Absent);
    }
}
