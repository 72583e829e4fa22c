//! git: the repository around the project, whether git trusts it, who commits, and LFS.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::super::root::git_root;
use super::super::{Context, Probe};
use crate::facts::{Facts, Reading, Value};
use crate::project::{GitConfig, is_safe, parse_git_config};

pub(super) const PROBE: Probe = Probe {
    name: "git",
    yields: &["git.repository", "git.trusted", "git.identity", "git.lfs.problem"],
    usual: &[],
    apart: false,
    run,
};

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    let Some(root) = root(context) else { return facts };
    let source = root.join(".git").to_string_lossy().into_owned();
    facts.add("git.repository", Reading::Present(root.to_string_lossy().into_owned().into()), &source);
    if context.wants("git.trusted") {
        facts.add("git.trusted", trusted(context, &root).map(Value::Bool), &source);
    }
    if context.wants("git.identity") {
        facts.add("git.identity", identity(context, &root).map(Value::Bool), "git's configuration");
    }
    if context.wants("git.lfs.problem") {
        facts.add("git.lfs.problem", lfs(context, &root).map(Value::from), ".gitattributes");
    }
    facts
}

pub(super) fn root(context: &Context) -> Option<PathBuf> {
    git_root(context.machine(), &context.project)
}

/// The repository's own configuration file; that of a worktree lies in the repository that it belongs to.
pub(super) fn own_file(context: &Context, root: &Path) -> PathBuf {
    let git = root.join(".git");
    let pointer = context.machine().read(&git).present();
    let folder =
        pointer.as_deref().and_then(|text| text.strip_prefix("gitdir:")).map(|path| root.join(path.trim()));
    match folder {
        None => git.join("config"),
        Some(folder) => match context.machine().read(&folder.join("commondir")).present() {
            Some(common) => folder.join(common.trim()).join("config"),
            None => folder.join("config"),
        },
    }
}

/// The files that count for every repository, as git looks for them.
fn global_files(context: &Context) -> Vec<PathBuf> {
    let machine = context.machine();
    let variable = |name: &str| machine.env(name).present();
    let mut files: Vec<PathBuf> = Vec::new();
    if variable("GIT_CONFIG_NOSYSTEM").is_none() {
        match variable("GIT_CONFIG_SYSTEM") {
            Some(file) => files.push(file.into()),
            None => {
                files.push("/etc/gitconfig".into());
                let git = machine.which("git").and_then(|git| machine.resolve(&git)).present();
                let prefix = git.as_deref().and_then(Path::parent).and_then(Path::parent);
                files.extend(prefix.map(|prefix| prefix.join("etc/gitconfig")));
            }
        }
    }
    match variable("GIT_CONFIG_GLOBAL") {
        Some(file) => files.push(file.into()),
        None => {
            let config = variable("XDG_CONFIG_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
            files.extend(
                config.or_else(|| Some(context.home()?.join(".config"))).map(|it| it.join("git/config")),
            );
            files.extend(context.home().map(|home| home.join(".gitconfig")));
        }
    }
    files
}

/// So many files are read at most.
const FILES: usize = 64;

/// The configurations of these files and of all that they include, under whatever condition.
fn configurations(context: &Context, files: Vec<PathBuf>) -> Reading<Vec<GitConfig>> {
    let mut open: Vec<PathBuf> = files.into_iter().rev().collect();
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    while let Some(file) = open.pop() {
        if seen.len() >= FILES || !seen.insert(file.clone()) {
            continue;
        }
        let config = match context.machine().read(&file) {
            Reading::Present(text) => match parse_git_config(&text) {
                Ok(config) => config,
                Err(why) => return Reading::failed(format!("{}: {why}", file.display())),
            },
            Reading::Absent => continue,
            other => return other.and_then(|_| Reading::Absent),
        };
        let includes = config.includes.iter().rev().filter_map(|path| match path.strip_prefix("~/") {
            Some(below) => Some(context.home()?.join(below)),
            None => Some(file.parent()?.join(path)),
        });
        open.extend(includes);
        found.push(config);
    }
    Reading::Present(found)
}

/// As git judges: the folder and its `.git` are the user's, or safe.directory names it in a file that is not the repository's.
fn trusted(context: &Context, root: &Path) -> Reading<bool> {
    let machine = context.machine();
    machine.user().and_then(|user| {
        // To root belongs as well what belongs to the user who became root by sudo.
        let sudo = machine.env("SUDO_UID").present().and_then(|uid| uid.parse::<u32>().ok());
        let own = |uid: u32| uid == user.uid || (user.uid == 0 && Some(uid) == sudo);
        machine.stat(root).and_then(|folder| {
            machine.stat(&root.join(".git")).and_then(|git| {
                if own(folder.uid) && own(git.uid) {
                    return Reading::Present(true);
                }
                let real = machine.resolve(root).present().unwrap_or_else(|| root.to_owned());
                let home = context.home().map(|home| home.to_string_lossy().into_owned());
                configurations(context, global_files(context)).map(|all| {
                    let mut safe: Vec<String> = all.into_iter().flat_map(|config| config.safe).collect();
                    safe.extend(from_environment(context, "safe.directory"));
                    [root, &real].iter().any(|root| is_safe(&safe, &root.to_string_lossy(), home.as_deref()))
                })
            })
        })
    })
}

/// The values of a setting in GIT_CONFIG_COUNT and the variables that belong to it.
fn from_environment(context: &Context, key: &str) -> Vec<String> {
    let variable = |name: String| context.machine().env(&name).present();
    let count = variable("GIT_CONFIG_COUNT".to_owned()).and_then(|count| count.parse().ok()).unwrap_or(0);
    let is_key = |number: &usize| variable(format!("GIT_CONFIG_KEY_{number}")).as_deref() == Some(key);
    (0..count.min(FILES))
        .filter(is_key)
        .filter_map(|number| variable(format!("GIT_CONFIG_VALUE_{number}")))
        .collect()
}

fn identity(context: &Context, root: &Path) -> Reading<bool> {
    let set = |names: &[&str]| {
        names.iter().any(|name| context.machine().env(name).present().is_some_and(|value| !value.is_empty()))
    };
    let mut files = global_files(context);
    files.push(own_file(context, root));
    configurations(context, files).map(|all| {
        let name = all.iter().any(|config| config.name.is_some())
            || set(&["GIT_AUTHOR_NAME"])
            || !from_environment(context, "user.name").is_empty();
        let email = all.iter().any(|config| config.email.is_some())
            || set(&["GIT_AUTHOR_EMAIL", "EMAIL"])
            || !from_environment(context, "user.email").is_empty();
        name && email
    })
}

/// Why git LFS does not work although `.gitattributes` asks for it; absent: it does, or nothing asks.
fn lfs(context: &Context, root: &Path) -> Reading<String> {
    context.machine().read(&root.join(".gitattributes")).and_then(|attributes| {
        let asks = |line: &str| {
            !line.trim_start().starts_with('#') && line.split_whitespace().any(|it| it == "filter=lfs")
        };
        if !attributes.lines().any(asks) {
            return Reading::Absent;
        }
        match context.machine().which("git-lfs") {
            Reading::Absent => return Reading::Present("git-lfs is not on PATH".to_owned()),
            Reading::Present(_) => {}
            other => return other.and_then(|_| Reading::Absent),
        }
        let mut files = global_files(context);
        files.push(own_file(context, root));
        configurations(context, files).and_then(|all| match all.iter().any(|config| config.lfs) {
            true => Reading::Absent,
            false => {
                Reading::Present("git-lfs is there, and its filter is not in git's configuration".to_owned())
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{facts, shown};

    fn stat(path: &str, uid: u32) -> String {
        format!("  {path}: {{kind: folder, uid: {uid}}}\n")
    }

    fn owned_by(uid: u32, more: &str) -> String {
        let recording = format!(
            "user: {{uid: 1000, name: ann}}\nstats:\n{}{}{more}\n",
            stat("/p", uid),
            stat("/p/.git", uid)
        );
        let files = if more.contains("files:") { "" } else { "files: {/p/.git/HEAD: ''}\n" };
        shown(&facts(&format!("{recording}{files}"), "git."), "git.trusted")
    }

    #[test]
    fn whose_repository_it_is() {
        assert_eq!(owned_by(1000, ""), "yes");
        assert_eq!(owned_by(1001, ""), "no");
        for safe in ["*", "/p", "/p/"] {
            let config = format!(
                "env: {{HOME: /h}}\nfiles: {{/p/.git/HEAD: '', /h/.gitconfig: \"[safe]\\n\\tdirectory = {safe}\\n\"}}\n"
            );
            assert_eq!(owned_by(1001, &config), "yes", "{safe}");
        }
        let own = "files: {/p/.git/HEAD: '', /p/.git/config: \"[safe]\\n\\tdirectory = *\\n\"}\n";
        assert_eq!(owned_by(1001, own), "no", "the repository's own file does not count");
        let variables =
            "env: {GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: safe.directory, GIT_CONFIG_VALUE_0: '*'}";
        assert_eq!(owned_by(1001, variables), "yes");
        assert_eq!(shown(&facts("", "git."), "git.trusted"), "-");
    }

    #[test]
    fn whoever_became_root_by_sudo_is_trusted() {
        let recording = |sudo: &str| {
            let stats = format!("{}{}", stat("/p", 1000), stat("/p/.git", 1000));
            let recording =
                format!("user: {{uid: 0, name: root}}\n{sudo}stats:\n{stats}files: {{/p/.git/HEAD: ''}}\n");
            shown(&facts(&recording, "git."), "git.trusted")
        };
        assert_eq!(recording("env: {SUDO_UID: '1000'}\n"), "yes");
        assert_eq!(recording(""), "no");
    }

    #[test]
    fn who_commits() {
        let identity = |recording: &str| shown(&facts(recording, "git."), "git.identity");
        assert_eq!(identity("files: {/p/.git/HEAD: ''}\n"), "no");
        assert_eq!(
            identity(
                "env: {HOME: /h}\nfiles:\n  /p/.git/HEAD: ''\n  /h/.gitconfig: \"[includeIf \\\"gitdir:~/p/\\\"]\\n\\tpath = id\\n\"\n  /h/id: \"[user]\\nname=A\\nemail=a@example.com\\n\"\n"
            ),
            "yes"
        );
        assert_eq!(
            identity(
                "env: {HOME: /h, EMAIL: a@example.com}\nfiles: {/p/.git/config: \"[user]\\nname=A\\n\"}\n"
            ),
            "yes"
        );
        let worktree = "files:\n  /p/.git: \"gitdir: /r/.git/worktrees/p\\n\"\n  /r/.git/worktrees/p/commondir: \"../..\\n\"\n  \
                        /r/.git/worktrees/p/../../config: \"[user]\\nname=A\\nemail=a@example.com\\n\"\n";
        assert_eq!(identity(worktree), "yes");
        let broken = identity("files: {/p/.git/config: '[user'}\n");
        assert!(broken.starts_with("? /p/.git/config: "), "{broken}");
    }

    #[test]
    fn large_files() {
        let problem = |more: &str| {
            let recording = format!(
                "{more}  /p/.git/HEAD: ''\n  /p/.gitattributes: \"*.bin filter=lfs diff=lfs -text\\n\"\n"
            );
            shown(&facts(&recording, "git."), "git.lfs.problem")
        };
        assert_eq!(problem("files:\n"), "git-lfs is not on PATH");
        let there = "which: {git-lfs: /usr/bin/git-lfs}\nfiles:\n";
        assert!(problem(there).contains("its filter is not"));
        let configured =
            "  /etc/gitconfig: \"[filter \\\"lfs\\\"]\\n\\tprocess = git-lfs filter-process\\n\"\n";
        assert_eq!(problem(&format!("{there}{configured}")), "-");
        let none = "files: {/p/.git/HEAD: '', /p/.gitattributes: \"# filter=lfs\\n*.sh text\\n\"}\n";
        assert_eq!(shown(&facts(none, "git."), "git.lfs.problem"), "-");
    }
}
