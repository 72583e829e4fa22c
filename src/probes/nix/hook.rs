//! Whether the shell hooks direnv.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::super::{Context, tools};
use crate::facts::{Place, Reading};
use crate::formats::parse_startup;

/// More start-up files than anybody's shell reads.
const FILES: usize = 60;

/// Whether start-up files of the shell name direnv, what shows it, and where it stands: `yes`, `no`, or `perhaps` where
/// they read others whose names only a shell can tell.
pub(super) fn hooked(context: &Context) -> (&'static str, String, Option<Place>) {
    let machine = context.machine();
    // The hook is what sets these.
    for variable in ["DIRENV_DIR", "DIRENV_DIFF"] {
        if machine.env(variable).present().is_some() {
            return ("yes", variable.to_owned(), None);
        }
    }
    let shell = machine.env("SHELL").present().unwrap_or_default();
    let shell = Path::new(&shell).file_name().map(|name| name.to_string_lossy().into_owned());
    let shell = shell.unwrap_or_default();
    let Some(home) = context.home() else { return ("perhaps", "HOME".to_owned(), None) };
    let mut queue = match shell.as_str() {
        "bash" => bash(context, &home),
        "zsh" => zsh(context, &home),
        "fish" => fish(context, &home),
        _ => return ("perhaps", "SHELL".to_owned(), None),
    };
    let mut seen = BTreeSet::new();
    let mut more = false;
    while let Some(file) = queue.pop() {
        if !seen.insert(file.clone()) {
            continue;
        }
        if seen.len() > FILES {
            return ("perhaps", shell, None);
        }
        let text = match machine.startup_file(&file) {
            Reading::Present(text) => text,
            Reading::Absent => continue,
            _ => return ("perhaps", file.to_string_lossy().into_owned(), None),
        };
        let startup = parse_startup(&text);
        if let Some(offset) = startup.direnv {
            let name = file.to_string_lossy().into_owned();
            return ("yes", name.clone(), Some(Place::at(name, &text, offset)));
        }
        let names = startup.reads.into_iter().map(|name| match name.strip_prefix("~/") {
            Some(rest) => home.join(rest),
            None => PathBuf::from(name),
        });
        queue.extend(names.filter(|name| !brings_no_hook(name)));
        // The system's own files read many more, all of which it brought itself.
        more |= startup.reads_more && file.starts_with(&home);
    }
    (if more { "perhaps" } else { "no" }, format!("start-up files of {shell}"), None)
}

/// What packages of completions install.
fn brings_no_hook(file: &Path) -> bool {
    ["/usr/share", "/usr/lib", "/opt/homebrew/etc"].iter().any(|folder| file.starts_with(folder))
}

fn bash(context: &Context, home: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = [".bashrc", ".bash_profile", ".bash_login", ".profile", ".bash_aliases"]
        .map(|name| home.join(name))
        .into();
    files.extend(["/etc/bash.bashrc", "/etc/bashrc", "/etc/profile"].map(PathBuf::from));
    files.extend(in_folder(context, Path::new("/etc/profile.d")));
    files
}

fn zsh(context: &Context, home: &Path) -> Vec<PathBuf> {
    let folder = context.machine().env("ZDOTDIR").present().map_or_else(|| home.to_owned(), PathBuf::from);
    let own = [".zshenv", ".zprofile", ".zshrc", ".zlogin"];
    let systems = ["zshenv", "zprofile", "zshrc", "zlogin"];
    let mut files: Vec<PathBuf> = own.map(|name| folder.join(name)).into();
    files.push(home.join(".zshenv"));
    for place in ["/etc", "/etc/zsh"] {
        files.extend(systems.map(|name| Path::new(place).join(name)));
    }
    files
}

fn fish(context: &Context, home: &Path) -> Vec<PathBuf> {
    let machine = context.machine();
    let own = machine.env("XDG_CONFIG_HOME").present().map_or_else(|| home.join(".config"), PathBuf::from);
    let mut files = Vec::new();
    for folder in [own.join("fish"), "/etc/fish".into()] {
        files.push(folder.join("config.fish"));
        files.extend(in_folder(context, &folder.join("conf.d")));
    }
    // Packages of direnv bring a file for fish, which it reads wherever data lies.
    let data = machine.env("XDG_DATA_DIRS").present().unwrap_or_default();
    let profiles = machine.env("NIX_PROFILES").present().unwrap_or_default();
    let mut prefixes: Vec<PathBuf> = data.split(':').filter(|it| !it.is_empty()).map(PathBuf::from).collect();
    prefixes.extend(profiles.split_whitespace().map(|profile| Path::new(profile).join("share")));
    prefixes.extend(["/usr/share", "/usr/local/share", "/opt/homebrew/share"].map(PathBuf::from));
    prefixes.push(home.join(".local/share"));
    let direnv = tools::locate(context, "direnv");
    for program in [direnv.path.present(), direnv.real.present()].into_iter().flatten() {
        prefixes.extend(program.parent().and_then(Path::parent).map(|root| root.join("share")));
    }
    for prefix in prefixes {
        files.extend(in_folder(context, &prefix.join("fish/vendor_conf.d")));
    }
    files
}

fn in_folder(context: &Context, folder: &Path) -> Vec<PathBuf> {
    let names = context.machine().list(folder).present().unwrap_or_default();
    names.iter().map(|name| folder.join(name)).collect()
}

#[cfg(test)]
mod tests {
    use crate::probes::recorded::ask;

    fn hooked(shell: &str, files: &str) -> String {
        let recording = format!("env: {{HOME: /h, SHELL: /bin/{shell}}}\nfiles:\n  /x: ''\n{files}");
        ask(&recording, &["direnv.hooked"]).join("")
    }

    #[test]
    fn hooks_of_three_shells() {
        let hook = |file: &str, shell: &str| format!("  {file}: 'eval \"$(direnv hook {shell})\"'\n");
        assert_eq!(hooked("bash", ""), "no");
        assert_eq!(hooked("bash", &hook("/h/.bashrc", "bash")), "yes");
        assert_eq!(hooked("bash", &hook("/etc/bashrc", "bash")), "yes", "NixOS and nix-darwin");
        assert_eq!(hooked("zsh", &hook("/h/.bashrc", "bash")), "no");
        assert_eq!(hooked("zsh", &hook("/h/.zshrc", "zsh")), "yes");
        assert_eq!(hooked("zsh", "  /h/.zshrc: 'plugins=(git direnv)'\n"), "yes");
        assert_eq!(hooked("zsh", "  /h/.zshrc: 'source $ZSH/oh-my-zsh.sh'\n"), "perhaps");
        assert_eq!(hooked("fish", "  /h/.config/fish/conf.d/d.fish: 'direnv hook fish | source'\n"), "yes");
        assert_eq!(
            hooked("fish", "  /usr/share/fish/vendor_conf.d/direnv.fish: 'direnv hook fish | source'\n"),
            "yes"
        );
        assert_eq!(hooked("fish", "  /h/.config/fish/config.fish: 'set -x A b'\n"), "no");
        assert_eq!(hooked("nu", ""), "perhaps");
        assert_eq!(ask("env: {DIRENV_DIR: -/p}\n", &["direnv.hooked"]), ["yes"]);
    }

    #[test]
    fn files_that_others_read_are_read() {
        let files = "  /h/.bashrc: '. ~/.config/bash/direnv.sh'\n  /h/.config/bash/direnv.sh: 'eval \"$(direnv hook bash)\"'\n";
        assert_eq!(hooked("bash", files), "yes");
        assert_eq!(hooked("bash", "  /h/.bashrc: '. ~/.bashrc'\n"), "no");
        let debian = "  /h/.bashrc: \"[ -x /usr/bin/lesspipe ] && eval \\\"$(lesspipe)\\\"\\n. /usr/share/bash-completion/bash_completion\\n\"\n  \
                      /etc/profile: 'for i in /etc/profile.d/*.sh; do . $i; done'\n";
        assert_eq!(hooked("bash", debian), "no");
    }
}
