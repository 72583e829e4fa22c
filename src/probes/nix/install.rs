//! Which Nix is installed, and how.

use std::path::{Path, PathBuf};

use super::super::{Context, Probe, tools};
use super::daemon;
use crate::facts::{Facts, Reading, Value};
use crate::machine::FileKind;

pub(super) const PROBE: Probe = Probe {
    name: "Nix's installation",
    yields: &["nix.installed", "nix.flavour", "nix.mode"],
    usual: &[],
    apart: false,
    run,
};

/// The flavour that has flakes without being told.
pub(super) const DETERMINATE: &str = "Determinate Nix";

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    if let Some(program) = installed(context) {
        facts.add(
            "nix.installed",
            Reading::Present(program.to_string_lossy().into_owned().into()),
            "file system",
        );
    }
    if context.wants("nix.flavour") {
        let flavour = flavour(context);
        let source = flavour.as_present().map_or("nix --version", |(_, source)| source.as_str()).to_owned();
        facts.add("nix.flavour", flavour.map(|(flavour, _)| flavour.into()), source);
    }
    if context.wants("nix.mode") {
        facts.add("nix.mode", mode(context).map(Value::from), "/nix/store");
    }
    facts
}

/// Where the program `nix` stands: on PATH, or where installers put it.
pub(super) fn installed(context: &Context) -> Option<PathBuf> {
    let machine = context.machine();
    let home = context.home();
    let user = machine.env("USER").present();
    let state = machine.env("XDG_STATE_HOME").present().map(PathBuf::from);
    let state = state.or_else(|| Some(home.as_ref()?.join(".local/state")));
    let usual = [
        home.map(|home| home.join(".nix-profile/bin/nix")),
        state.map(|state| state.join("nix/profile/bin/nix")),
        user.map(|user| Path::new("/etc/profiles/per-user").join(user).join("bin/nix")),
        Some("/nix/var/nix/profiles/default/bin/nix".into()),
        Some("/run/current-system/sw/bin/nix".into()),
    ];
    machine
        .which("nix")
        .present()
        .or_else(|| usual.into_iter().flatten().find(|program| machine.exists(program)))
}

/// Which Nix it is, and what shows it.
pub(super) fn flavour(context: &Context) -> Reading<(&'static str, String)> {
    let located = tools::locate(context, "nix");
    let found = located
        .real
        .clone()
        .and_then(|real| in_path(&real).map(|it| (it, real.display().to_string())).into());
    if let Reading::Present((flavour, source)) = found {
        // Early releases of Determinate Nix called their package as upstream does.
        let determinate = flavour == NIX && context.machine().which("determinate-nixd").present().is_some();
        return Reading::Present(if determinate {
            (DETERMINATE, "determinate-nixd".to_owned())
        } else {
            (flavour, source)
        });
    }
    located.program.and_then(|program| {
        let program = program.to_string_lossy();
        let said = context.machine().run(&[&program, "--version"]);
        said.map(|said| (in_version(&said), format!("{program} --version")))
    })
}

const NIX: &str = "Nix";
const LIX: &str = "Lix";

/// The flavour that a package's name in the store tells.
fn in_path(real: &Path) -> Option<&'static str> {
    let package = real.strip_prefix("/nix/store").ok()?.iter().next()?.to_str()?;
    let (_hash, name) = package.split_once('-')?;
    [("determinate-nix", DETERMINATE), ("lix", LIX), ("nix", NIX)]
        .into_iter()
        .find(|(begins, _)| name.starts_with(begins))
        .map(|(_, flavour)| flavour)
}

/// The flavour that it tells itself: `nix (Nix) 2.28.3`, `nix (Lix, like Nix) 2.93.0`, `nix (Determinate Nix 3.8.5) 2.30.2`.
fn in_version(said: &str) -> &'static str {
    [DETERMINATE, LIX].into_iter().find(|flavour| said.contains(flavour)).unwrap_or(NIX)
}

/// Whether all users share the store by a daemon, or one has it alone.
fn mode(context: &Context) -> Reading<&'static str> {
    context.machine().stat(Path::new("/nix/store")).map(|store| {
        let socket = context.machine().stat(&daemon::socket(context)).present();
        let daemon = socket.is_some_and(|it| it.kind == FileKind::Socket);
        if store.uid == 0 && daemon { "multi-user" } else { "single-user" }
    })
}

#[cfg(test)]
mod tests {
    use crate::probes::recorded::ask;

    const HASH: &str = "/nix/store/0c1pfcs4ncg20vm46jx1dq97v9qr4mnl";

    #[test]
    fn flavours() {
        let at = |package: &str, rest: &str| {
            let recording = format!(
                "which: {{nix: /p/nix{rest}}}\nlinks: {{/p/nix: {HASH}-{package}/bin/nix}}\nfiles: {{{HASH}-{package}/bin/nix: ''}}\n"
            );
            ask(&recording, &["nix.flavour"]).join("")
        };
        assert_eq!(at("nix-2.28.3", ""), "Nix");
        assert_eq!(at("lix-2.93.0", ""), "Lix");
        assert_eq!(at("determinate-nix-3.8.5", ""), "Determinate Nix");
        assert_eq!(at("nix-3.0.0", ", determinate-nixd: /usr/local/bin/determinate-nixd"), "Determinate Nix");
        let says = |version: &str| {
            let recording = format!(
                "which: {{nix: /usr/bin/nix}}\nfiles: {{/usr/bin/nix: ''}}\nruns: [{{argv: [/usr/bin/nix, --version], stdout: '{version}'}}]\n"
            );
            ask(&recording, &["nix.flavour"]).join("")
        };
        assert_eq!(says("nix (Nix) 2.26.3"), "Nix");
        assert_eq!(says("nix (Lix, like Nix) 2.93.0"), "Lix");
        assert_eq!(says("nix (Determinate Nix 3.8.5) 2.30.2"), "Determinate Nix");
        assert_eq!(ask("", &["nix.flavour"]), ["-"]);
    }

    #[test]
    fn nix_is_found_off_path_and_its_store_may_be_shared() {
        let facts = ["nix.installed", "nix.mode"];
        assert_eq!(ask("", &facts), ["-", "-"]);
        let own = "env: {HOME: /home/u}\nfiles: {/home/u/.nix-profile/bin/nix: ''}\nstats: {/nix/store: {kind: folder, uid: 1000}}\n";
        assert_eq!(ask(own, &facts), ["/home/u/.nix-profile/bin/nix", "single-user"]);
        let shared = "files: {/nix/var/nix/profiles/default/bin/nix: ''}\nstats:\n  /nix/store: {kind: folder, uid: 0}\n  \
                      /nix/var/nix/daemon-socket/socket: {kind: socket}\n";
        assert_eq!(ask(shared, &facts), ["/nix/var/nix/profiles/default/bin/nix", "multi-user"]);
        assert_eq!(ask("stats: {/nix/store: {kind: folder, uid: 0}}\n", &facts), ["-", "single-user"]);
    }
}
