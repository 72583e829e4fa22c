//! Erlang, Elixir, Mix's own files, and their version managers.

use crate::recorded::Machine;
use crate::report::Finding;

const PROGRAMS: &str = "which: {elixir: /opt/elixir/bin/elixir, mix: /opt/elixir/bin/mix, erl: /opt/otp/bin/erl}\n\
     user: {uid: 1000, name: user}\n";
const CERTIFICATES: (&str, &str) = ("/etc/ssl/certs/ca-certificates.crt", "");
const PROJECT: (&str, &str) =
    ("mix.exs", "defmodule A do\n  def project, do: [app: :a, deps: [{:jason, \"~> 1.4\"}]]\nend\n");
const LOCK: (&str, &str) =
    ("mix.lock", "%{\"jason\": {:hex, :jason, \"1.4.4\", \"h\", [:mix], [], \"hexpm\", \"o\"}}\n");
const FETCHED: (&str, &str) = ("deps/jason/hex_metadata.config", "{<<\"version\">>,<<\"1.4.4\">>}.\n");
const HEX: (&str, &str) =
    ("/home/user/.mix/archives/hex-2.2.1/hex-2.2.1/ebin/hex.app", "{application,hex,[{vsn,\"2.2.1\"}]}.");

/// An Elixir that was compiled with an OTP, and the OTP that runs, with these applications.
struct Beam<'a> {
    elixir: &'a str,
    compiled_with: &'a str,
    otp: &'a str,
    applications: &'a str,
    recording: &'a str,
}

const HEALTHY: Beam<'static> = Beam {
    elixir: "1.18.3",
    compiled_with: "27",
    otp: "27.2",
    applications: "asn1-5.3, crypto-5.5, public_key-1.17, ssl-11.2, stdlib-6.2",
    recording: "env: {HOME: /home/user, LANG: C.UTF-8, PATH: /usr/bin}",
};

impl Beam<'_> {
    fn with(&self, files: &[(&str, &str)]) -> Machine {
        let release = format!("/opt/otp/releases/{}/OTP_VERSION", self.otp.split('.').next().unwrap());
        let app = format!("{{application,elixir,[{{vsn,\"{}\"}}]}}.", self.elixir);
        let system = format!("FOR1 {} (compiled with Erlang/OTP {})", self.elixir, self.compiled_with);
        let mut all = vec![
            ("/opt/elixir/bin/elixir", ""),
            ("/opt/elixir/bin/mix", ""),
            ("/opt/otp/bin/erl", ""),
            ("/opt/elixir/lib/elixir/ebin/elixir.app", app.as_str()),
            ("/opt/elixir/lib/elixir/ebin/Elixir.System.beam", &system),
            (&release, self.otp),
            PROJECT,
        ];
        all.extend_from_slice(files);
        let folders = format!("folders: {{/opt/otp/lib: [{}]}}", self.applications);
        Machine::new(&format!("{PROGRAMS}{folders}\n{}", self.recording), &all)
    }
}

fn message(found: Option<Finding>) -> String {
    found.map(|found| format!("{}: {}", found.severity, found.message)).unwrap_or_default()
}

#[test]
fn nothing_is_wrong_with_a_healthy_machine() {
    let machine = HEALTHY.with(&[CERTIFICATES, LOCK, FETCHED, HEX]);
    let said = machine.says(&["check"]);
    assert_eq!(said.code, 0, "{}", said.text);
    assert!(said.text.starts_with("Healthy"), "{}", said.text);
}

#[test]
fn pairs_of_elixir_and_otp() {
    let rules = |elixir, compiled_with, otp| {
        let machine = Beam { elixir, compiled_with, otp, ..HEALTHY }.with(&[]);
        ["otp-elixir-mismatch", "otp-too-new-for-elixir"].map(|rule| message(machine.finding(rule)))
    };
    for (elixir, compiled_with, otp) in [
        ("1.14.0", "24", "25.2.3"),
        ("1.14.5", "26", "26.0"),
        ("1.18.4", "27", "28.0"),
        ("1.19.2", "28", "28.1"),
        ("1.20.4", "29", "29.0.6"),
        ("1.13.4", "22", "25.0"),
    ] {
        assert_eq!(rules(elixir, compiled_with, otp), ["", ""], "{elixir} {compiled_with} {otp}");
    }
    assert_eq!(
        rules("1.20.4", "29", "27.3.4"),
        ["error: Elixir 1.20.4 was compiled with Erlang/OTP 29, and 27 runs", ""]
    );
    assert_eq!(
        rules("1.17.3", "27", "25.3"),
        ["error: Elixir 1.17.3 was compiled with Erlang/OTP 27, and 25 runs", ""]
    );
    for (elixir, compiled_with, otp) in [
        ("1.18.3", "27", "28.0"),
        ("1.14.0", "25", "26.2"),
        ("1.17.3", "27", "28.0"),
        ("1.20.0", "29", "30.0"),
    ] {
        let [_, newer] = rules(elixir, compiled_with, otp);
        let release = otp.split('.').next().unwrap();
        assert_eq!(newer, format!("warning: Elixir {elixir} does not support Erlang/OTP {release} yet"));
    }
}

#[test]
fn an_elixir_that_does_not_tell_what_compiled_it() {
    let stripped = |otp| {
        let machine = Beam { elixir: "1.20.4", otp, ..HEALTHY };
        machine.with(&[("/opt/elixir/lib/elixir/ebin/Elixir.System.beam", "FOR1")])
    };
    let too_old = message(stripped("26.2").finding("otp-elixir-mismatch"));
    assert_eq!(too_old, "error: Elixir 1.20.4 does not run on Erlang/OTP 26");
    assert_eq!(stripped("27.0").finding("otp-elixir-mismatch"), None);
}

#[test]
fn otp_without_crypto() {
    let machine = |applications| Beam { applications, ..HEALTHY }.with(&[]);
    assert_eq!(
        message(machine("erl_interface-5.5, stdlib-6.2").finding("otp-without-crypto")),
        "error: Erlang/OTP 27.2 is installed without crypto"
    );
    assert_eq!(machine("crypto-5.5, stdlib-6.2").finding("otp-without-crypto"), None);
}

#[test]
fn hex_and_rebar3_that_mix_does_not_install_by_itself() {
    let erlang =
        ("mix.lock", "%{\"jason\": {:hex, :jason, \"1.4.4\", \"h\", [:rebar3], [], \"hexpm\", \"o\"}}\n");
    let rules = |elixir, files: &[(&str, &str)]| {
        let files = [&[CERTIFICATES], files].concat();
        let machine = Beam { elixir, compiled_with: "24", ..HEALTHY }.with(&files);
        ["hex-missing", "rebar3-missing"].map(|rule| message(machine.finding(rule)))
    };
    let hex = "error: Hex is not installed, and dependencies of this project need it";
    let rebar = "warning: rebar3 is not installed for Mix, and dependencies need it: jason";
    assert_eq!(rules("1.14.0", &[erlang]), [hex, rebar]);
    assert_eq!(rules("1.18.3", &[erlang]), ["", ""], "mix deps.get brings both");
    assert_eq!(rules("1.18.3", &[erlang, FETCHED]), [hex, rebar]);
    assert_eq!(rules("1.20.4", &[erlang, FETCHED]), [hex, ""]);
    let there = ("/home/user/.mix/elixir/1-18/rebar3", "");
    assert_eq!(rules("1.18.3", &[erlang, FETCHED, HEX, there]), ["", ""]);
    let built = ("_build/dev/lib/jason/ebin/jason.app", "");
    assert_eq!(rules("1.18.3", &[erlang, FETCHED, HEX, built]), ["", ""]);
}

#[test]
fn a_home_that_mix_cannot_write() {
    let machine = |owner: u32, files: &[(&str, &str)]| {
        let recording =
            format!("env: {{HOME: /homeless}}\nstats: {{/: {{kind: folder, uid: {owner}, mode: 0o755}}}}");
        Beam { recording: &recording, ..HEALTHY }.with(files).finding("mix-home-not-writable")
    };
    assert_eq!(
        message(machine(0, &[])),
        "error: Mix has something to install, and cannot write in /homeless/.mix"
    );
    assert_eq!(machine(1000, &[]), None);
    let library = ("/opt/elixir/lib/hex/ebin/hex.app", "{application,hex,[{vsn,\"2.2.1\"}]}.");
    assert_eq!(machine(0, &[library]), None, "there is nothing to install");
}

#[test]
fn certificates_that_are_not_there() {
    let rule = "cacerts-missing";
    assert_eq!(
        message(HEALTHY.with(&[]).finding(rule)),
        "warning: Erlang finds no trusted certificates on this system"
    );
    assert_eq!(HEALTHY.with(&[CERTIFICATES]).finding(rule), None);
    let variable = Beam { recording: "env: {HOME: /home/user, HEX_CACERTS_PATH: /none.pem}", ..HEALTHY };
    assert_eq!(
        message(variable.with(&[CERTIFICATES]).finding(rule)),
        "warning: There is nothing where a variable says that the trusted certificates are: HEX_CACERTS_PATH (/none.pem)"
    );
}

/// A shell with asdf, which has these plugins, and a project with this .tool-versions.
fn asdf(path: &str, versions: &str) -> Machine {
    Machine::new(
        &format!(
            "env: {{HOME: /home/user, PATH: '{path}'}}\nwhich: {{asdf: /usr/bin/asdf, elixir: {}/elixir}}\n\
             folders: {{/home/user/.asdf/plugins: [elixir, erlang]}}",
            path.split(':').next().unwrap()
        ),
        &[
            ("/usr/bin/asdf", ""),
            ("/usr/bin/elixir", ""),
            ("/home/user/.asdf/shims/elixir", ""),
            ("/home/user/.asdf/installs/elixir/1.17.3-otp-27/bin/elixir", ""),
            (".tool-versions", versions),
        ],
    )
}

#[test]
fn what_asdf_lacks() {
    let shims = "/home/user/.asdf/shims:/usr/bin";
    let machine = asdf(shims, "# tools\nelixir 1.18.0-otp-27\nruby 3.3.0\n");
    let missing = machine.finding("asdf-version-not-installed").unwrap();
    assert_eq!(
        missing.message,
        "The version manager has not installed what .tool-versions names: elixir 1.18.0-otp-27"
    );
    assert_eq!(missing.places, [".tool-versions:2:8"]);
    let plugin = machine.finding("asdf-plugin-missing").unwrap();
    assert_eq!(plugin.message, "asdf has no plugin for what .tool-versions names: ruby");
    assert_eq!((plugin.places, plugin.severity.as_str()), (vec![".tool-versions:3:6".to_owned()], "warning"));

    let healthy = asdf(shims, "elixir 1.17.3-otp-27\n");
    for rule in ["asdf-version-not-installed", "asdf-plugin-missing", "asdf-shims-not-on-path"] {
        assert_eq!(healthy.finding(rule), None, "{rule}");
    }
}

#[test]
fn shims_that_are_not_on_path() {
    let bypassed = asdf("/usr/bin", "elixir 1.17.3-otp-27\n").finding("asdf-shims-not-on-path").unwrap();
    assert!(bypassed.message.ends_with("elixir (PATH finds /usr/bin/elixir)"), "{}", bypassed.message);
    assert_eq!(bypassed.places, [".tool-versions:1:8"]);
    assert_eq!(asdf("/usr/bin", "elixir system\n").finding("asdf-shims-not-on-path"), None);
}
