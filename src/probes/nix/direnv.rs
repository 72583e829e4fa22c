//! direnv: the file that it would load here, and whether it may.

use std::path::{Path, PathBuf};

use super::super::{Context, Probe};
use super::hook;
use crate::facts::{Facts, Reading, Value};
use crate::formats::{DirenvToml, consent, parse_direnv_toml, refusal};

pub(super) const PROBE: Probe = Probe {
    name: "direnv",
    yields: &["direnv.file", "direnv.state", "direnv.loaded", "direnv.hooked", "direnv.nix_direnv"],
    usual: &[],
    apart: false,
    run,
};

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    let machine = context.machine();
    // direnv writes the folder with a sign in front.
    let loaded = machine.env("DIRENV_DIR").map(|folder| folder.trim_start_matches('-').to_owned());
    facts.add("direnv.loaded", loaded.map(Value::from), "DIRENV_DIR");
    if context.wants("direnv.hooked") {
        let (hooked, source, place) = hook::hooked(context);
        let places = place.into_iter().collect();
        facts.add_at("direnv.hooked", Reading::Present(hooked.into()), source, places);
    }
    if context.wants("direnv.nix_direnv") {
        facts.add("direnv.nix_direnv", Reading::Present(nix_direnv(context).into()), "direnvrc");
    }
    let toml = match settings(context) {
        Ok(toml) => toml,
        Err(unknown) => {
            facts.add("direnv.state", unknown.clone(), "direnv.toml");
            facts.add("direnv.file", unknown, "direnv.toml");
            return facts;
        }
    };
    if let Some(file) = file(context, &toml) {
        let name = file.to_string_lossy().into_owned();
        facts.add("direnv.state", state(context, &toml, &file).map(Value::from), name.clone());
        facts.add("direnv.file", Reading::Present(name.into()), "file system");
    }
    facts
}

fn folder(context: &Context, variable: &str, at_home: &str) -> Option<PathBuf> {
    let set = context.machine().env(variable).present().filter(|folder| !folder.is_empty());
    set.map(PathBuf::from).or_else(|| Some(context.home()?.join(at_home))).map(|folder| folder.join("direnv"))
}

fn configuration(context: &Context) -> Option<PathBuf> {
    let own = context.machine().env("DIRENV_CONFIG").present().filter(|folder| !folder.is_empty());
    own.map(PathBuf::from).or_else(|| folder(context, "XDG_CONFIG_HOME", ".config"))
}

/// direnv's configuration: the first of its two files that is there.
fn settings(context: &Context) -> Result<DirenvToml, Reading<Value>> {
    let Some(folder) = configuration(context) else { return Ok(DirenvToml::default()) };
    let home = context.home();
    let home = home.as_ref().and_then(|home| home.to_str());
    for name in ["direnv.toml", "config.toml"] {
        let file = folder.join(name);
        match context.machine().read(&file) {
            Reading::Present(text) => {
                let parsed = parse_direnv_toml(&text, home);
                return parsed.map_err(|why| Reading::failed(format!("{}: {why}", file.display())));
            }
            Reading::Absent => {}
            unknown => return Err(unknown.and_then(|_| Reading::Absent)),
        }
    }
    Ok(DirenvToml::default())
}

/// The file that direnv would load in the project: there, or in a folder above.
fn file(context: &Context, toml: &DirenvToml) -> Option<PathBuf> {
    let names: &[&str] = if toml.load_dotenv { &[".envrc", ".env"] } else { &[".envrc"] };
    let is_file =
        |path: &PathBuf| matches!(context.machine().read(path), Reading::Present(_) | Reading::NotText);
    context.upward().flat_map(|folder| names.iter().map(|name| folder.join(name))).find(is_file)
}

/// Whether direnv would load the file: `allowed`, `denied`, or else `blocked`.
fn state(context: &Context, toml: &DirenvToml, file: &Path) -> Reading<&'static str> {
    let Some(data) = folder(context, "XDG_DATA_HOME", ".local/share") else {
        return Reading::failed("there is no home folder in which direnv could keep what is allowed");
    };
    let machine = context.machine();
    let there = |path: PathBuf| match machine.stat(&path) {
        Reading::Present(_) => Reading::Present(true),
        Reading::Absent => Reading::Present(false),
        unknown => unknown.map(|_| false),
    };
    machine.read(file).and_then(|content| {
        for path in names(context, file) {
            let path = path.to_string_lossy();
            match there(data.join("deny").join(refusal(&path))) {
                Reading::Present(false) => {}
                denied => return denied.map(|_| "denied"),
            }
            match there(data.join("allow").join(consent(&path, &content))) {
                Reading::Present(false) => {}
                allowed => return allowed.map(|_| "allowed"),
            }
            let listed = toml.exact.iter().any(|exact| *exact == path)
                || toml.prefixes.iter().any(|prefix| path.starts_with(prefix.as_str()));
            if listed {
                return Reading::Present("allowed");
            }
        }
        Reading::Present("blocked")
    })
}

/// The file's path as it is, and as the shell would name it: direnv goes by PWD, in which links are not followed.
fn names(context: &Context, file: &Path) -> Vec<PathBuf> {
    let machine = context.machine();
    let mut names = vec![file.to_owned()];
    let real = |path: &Path| machine.resolve(path).present();
    if let Some(shown) = machine.env("PWD").present().map(PathBuf::from)
        && shown != context.project
        && shown.is_absolute()
        && real(&shown).is_some_and(|it| Some(it) == real(&context.project))
        && let Some(name) = file.file_name()
        && let Some(folder) = file.parent()
    {
        let folder = shown.ancestors().find(|above| real(above) == real(folder));
        names.extend(folder.map(|folder| folder.join(name)));
    }
    names
}

/// Whether `use flake` of nix-direnv takes the place of direnv's own.
fn nix_direnv(context: &Context) -> bool {
    let machine = context.machine();
    let Some(folder) = configuration(context) else { return false };
    let library = folder.join("lib");
    let names = machine.list(&library).present().unwrap_or_default();
    let scripts = names.iter().map(|name| library.join(name));
    let files = scripts
        .chain(["direnvrc".into(), "/etc/direnv/direnvrc".into()].map(|file: PathBuf| folder.join(file)));
    names.iter().any(|name| name.contains("nix-direnv"))
        || files
            .filter_map(|file| machine.read(&file).present())
            .any(|text| text.contains("nix-direnv") || text.contains("_nix_direnv"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probes::recorded::ask;

    /// What direnv 2.32.1 calls the consent to `/p/.envrc` with `use flake`.
    const ALLOW: &str = "8da843c15ac6861818f052d8213b8381ec35931c49cbcf81188070eddfde873f";
    /// What it calls the refusal of that file.
    const DENY: &str = "c80594fe8d0d94e9177bea5f11235a30bfe849658a2657936ce6ac2b1af72e34";

    fn state(env: &str, files: &[(&str, &str)]) -> String {
        let files: String = files.iter().map(|(file, text)| format!("  {file}: {text:?}\n")).collect();
        let recording = format!("env: {{HOME: /h{env}}}\nlinks: {{/short: /p}}\nfiles:\n{files}");
        ask(&recording, &["direnv.file", "direnv.state"]).join(" ")
    }

    const ENVRC: (&str, &str) = ("/p/.envrc", "use flake\n");

    #[test]
    fn only_this_very_content_is_allowed() {
        let allow = format!("/h/.local/share/direnv/allow/{ALLOW}");
        let deny = format!("/h/.local/share/direnv/deny/{DENY}");
        assert_eq!(state("", &[("/p/x", "")]), "- -");
        assert_eq!(state("", &[ENVRC]), "/p/.envrc blocked");
        assert_eq!(state("", &[ENVRC, (&allow, "")]), "/p/.envrc allowed");
        assert_eq!(state("", &[("/p/.envrc", "use flake #\n"), (&allow, "")]), "/p/.envrc blocked");
        assert_eq!(state("", &[ENVRC, (&allow, ""), (&deny, "")]), "/p/.envrc denied");
        let moved = format!("/data/direnv/allow/{ALLOW}");
        assert_eq!(state(", XDG_DATA_HOME: /data", &[ENVRC, (&moved, "")]), "/p/.envrc allowed");
        assert_eq!(state("", &[("/.envrc", "x")]), "/.envrc blocked", "a folder above");
    }

    #[test]
    fn a_whitelist_needs_no_consent() {
        let toml = |text: &'static str| ("/h/.config/direnv/direnv.toml", text);
        assert_eq!(state("", &[ENVRC, toml("whitelist.prefix = ['/p']")]), "/p/.envrc allowed");
        assert_eq!(state("", &[ENVRC, toml("whitelist.exact = ['/p']")]), "/p/.envrc allowed");
        assert_eq!(state("", &[ENVRC, toml("whitelist.exact = ['/q']")]), "/p/.envrc blocked");
        assert_eq!(state("", &[("/p/.env", ""), toml("global.load_dotenv = true")]), "/p/.env blocked");
        assert_eq!(state("", &[("/p/.env", ""), toml("")]), "- -");
        assert!(state("", &[ENVRC, toml("[")]).starts_with("? /h/.config/direnv/direnv.toml: "));
    }

    #[test]
    fn the_shell_may_name_the_folder_by_a_link() {
        // The consent that direnv gives to /short/.envrc.
        let hash = consent("/short/.envrc", "use flake\n");
        let allow = format!("/h/.local/share/direnv/allow/{hash}");
        assert_eq!(state(", PWD: /short", &[ENVRC, (&allow, "")]), "/p/.envrc allowed");
        assert_eq!(state(", PWD: /elsewhere", &[ENVRC, (&allow, "")]), "/p/.envrc blocked");
    }

    #[test]
    fn nix_direnv_is_seen_where_direnv_reads_it() {
        let with = |files: &str| {
            ask(&format!("env: {{HOME: /h}}\nfiles: {{{files}}}\n"), &["direnv.nix_direnv"]).join("")
        };
        assert_eq!(with("/x: ''"), "no");
        assert_eq!(
            with("/h/.config/direnv/direnvrc: 'source $HOME/.nix-profile/share/nix-direnv/direnvrc'"),
            "yes"
        );
        assert_eq!(with("/h/.config/direnv/lib/hm-nix-direnv.sh: ''"), "yes");
        assert_eq!(
            with("/etc/direnv/direnvrc: 'source /run/current-system/sw/share/nix-direnv/direnvrc'"),
            "yes"
        );
    }
}
