//! What Mix has installed for the user, and may install.

use std::path::{Path, PathBuf};

use super::super::tools::mix_home::{archives, mix_home};
use super::super::{Context, Probe, tools};
use crate::facts::{Facts, Reading, Value};

pub(super) const PROBE: Probe = Probe {
    name: "Mix's home",
    yields: &["mix.home", "mix.home.writable", "mix.archives.folder", "mix.archives", "mix.rebar3"],
    usual: &[],
    apart: false,
    run,
};

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    let home = mix_home(context);
    let text = |path: PathBuf| Value::from(path.to_string_lossy().into_owned());
    facts.add("mix.home", home.clone().map(text).into(), "MIX_HOME, MIX_XDG, HOME");
    if context.wants("mix.home.writable") {
        let writable = home.as_deref().map_or(Reading::Absent, |home| writable(context, home));
        facts.add("mix.home.writable", writable.map(Value::from), "stat");
    }
    let folder = archives(context);
    facts.add(
        "mix.archives.folder",
        folder.clone().map(text).into(),
        "MIX_ARCHIVES, MIX_HOME, MIX_XDG, HOME",
    );
    if context.wants("mix.archives") {
        let folder = folder.unwrap_or_default();
        let names = context.machine().list(&folder).map(Value::List);
        facts.add("mix.archives", names, folder.to_string_lossy());
    }
    if context.wants("mix.rebar3") {
        let (reading, source) = rebar3(context, home.as_deref());
        facts.add("mix.rebar3", reading.map(text), source);
    }
    facts
}

/// Whether the user may write in a folder, or make it.
fn writable(context: &Context, folder: &Path) -> Reading<bool> {
    let machine = context.machine();
    for above in folder.ancestors() {
        let stat = match machine.stat(above) {
            Reading::Absent => continue,
            stat => stat,
        };
        // What a group may write, the user may belong to; a list of access rights can only be tried out.
        return stat.and_then(|stat| {
            machine.user().map(|user| {
                let bit = if stat.uid == user.uid { 0o200 } else { 0o022 };
                user.uid == 0 || stat.mode & bit != 0
            })
        });
    }
    Reading::Absent
}

/// The rebar3 that `Mix.Rebar` would start: no other one on PATH counts.
fn rebar3(context: &Context, home: Option<&Path>) -> (Reading<PathBuf>, String) {
    let machine = context.machine();
    if let Some(set) = machine.env("MIX_REBAR3").present().filter(|set| !set.is_empty()) {
        return (Reading::Present(set.into()), "MIX_REBAR3".to_owned());
    }
    let Some(home) = home else { return (Reading::Absent, "MIX_HOME".to_owned()) };
    let version = |tool: &str| tools::path_and_version(context, tool).1.map(|version| version.to_string());
    let found = version("elixir").and_then(|elixir| {
        let minor: Vec<&str> = elixir.split('.').take(2).collect();
        let minor = minor.join("-");
        // Newer versions of Mix keep one for each OTP as well, old ones a single one.
        let otp = version("erl").present().unwrap_or_default();
        let otp = otp.split('.').next().unwrap_or_default();
        let folders = [format!("elixir/{minor}-otp-{otp}"), format!("elixir/{minor}"), String::new()];
        folders.iter().map(|folder| home.join(folder).join("rebar3")).find(|file| machine.exists(file)).into()
    });
    (found, home.join("elixir").to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probes::recorded::facts_of;

    fn facts(recording: &str) -> Facts {
        facts_of(&PROBE, recording)
    }

    fn rebar3(recording: &str) -> Reading<Value> {
        facts(recording).get("mix.rebar3").unwrap().reading.clone()
    }

    #[test]
    fn rebar3_where_mix_looks_for_it() {
        let machine = "which: {elixir: /e/bin/elixir, erl: /o/bin/erl, rebar3: /usr/bin/rebar3}\nfiles:\n  \
                       /e/bin/elixir: ''\n  /e/lib/elixir/ebin/elixir.app: '{vsn,\"1.20.4\"}'\n  /o/bin/erl: ''\n  \
                       /o/releases/29/OTP_VERSION: '29.0'\n";
        let home = format!("env: {{HOME: /h}}\n{machine}");
        assert_eq!(rebar3(&home), Reading::Absent, "what stands on PATH does not count");
        for folder in ["elixir/1-20-otp-29", "elixir/1-20"] {
            let file = format!("/h/.mix/{folder}/rebar3");
            assert_eq!(rebar3(&format!("{home}  {file}: ''\n")), Reading::Present(file.into()));
        }
        assert_eq!(rebar3(&format!("{home}  /h/.mix/elixir/1-19-otp-29/rebar3: ''\n")), Reading::Absent);
        let set = format!("env: {{HOME: /h, MIX_REBAR3: /nix/store/x-rebar3/bin/rebar3}}\n{machine}");
        assert_eq!(rebar3(&set), Reading::Present("/nix/store/x-rebar3/bin/rebar3".into()));
        assert!(
            rebar3("env: {HOME: /h}\nwhich: {elixir: /x/elixir}\nfiles: {/x/elixir: ''}")
                .why_unknown()
                .is_some()
        );
    }

    #[test]
    fn whether_mix_may_write_at_home() {
        let writable = |user: u32, owner: u32, mode: &str| {
            let facts = facts(&format!(
                "env: {{HOME: /h}}\nuser: {{uid: {user}, name: u}}\nstats:\n  \
                 /h: {{kind: folder, uid: {owner}, mode: 0o{mode}}}\nfolders: {{/h: []}}"
            ));
            facts.get("mix.home.writable").unwrap().reading.clone()
        };
        assert_eq!(writable(1000, 1000, "755"), Reading::Present(true.into()));
        assert_eq!(writable(1000, 0, "755"), Reading::Present(false.into()));
        assert_eq!(writable(1000, 0, "777"), Reading::Present(true.into()));
        assert_eq!(writable(1000, 1000, "555"), Reading::Present(false.into()));
        assert_eq!(writable(0, 1000, "555"), Reading::Present(true.into()));
    }

    #[test]
    fn archives_by_name() {
        let facts = facts("env: {HOME: /h}\nfolders: {/h/.mix/archives: [hex-2.2.1, phx_new-1.7.14]}");
        let names = ["hex-2.2.1", "phx_new-1.7.14"].map(str::to_owned);
        assert_eq!(facts.get("mix.archives").unwrap().reading, Reading::Present(Value::List(names.to_vec())));
    }
}
