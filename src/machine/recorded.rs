//! A machine that replays a recording.

use std::collections::BTreeMap;
use std::path::Path;

use super::recorded_tree::Tree;
use super::recording::{Otherwise, Recording};
use super::{Address, FileKind, Machine, Question, Reply, Stat, Subject, glob, matched, only_startup};
use crate::facts::Reading;

/// What the reason begins with why a question is not answered that a recording does not hold.
pub const NOT_RECORDED: &str = "not recorded: ";

/// A machine that exists as a recording only.
#[derive(Clone, Debug)]
pub struct Recorded {
    answers: BTreeMap<Question, Reading<Reply>>,
    /// The whole machine's files, where the recording is the whole machine.
    tree: Option<Tree>,
}

impl Recorded {
    /// The machine of that recording.
    pub fn new(recording: &Recording) -> Self {
        let answers = recording.answers();
        let tree = (recording.otherwise == Otherwise::Absent).then(|| Tree::of(&recording.project, &answers));
        Recorded { answers, tree }
    }

    fn infer(&self, tree: &Tree, question: &Question) -> Option<Reading<Reply>> {
        let read = |path: &Path| self.answers.get(&Question::Read(path.to_owned())).cloned();
        let list = |path: &Path| self.answers.get(&Question::List(path.to_owned())).cloned();
        let not_a = |kind, path: &Path| Reading::failed(format!("{}: not a {kind}", path.display()));
        match question {
            Question::Env(_)
            | Question::Which(_)
            | Question::RunIn { .. }
            | Question::Run { .. }
            | Question::Connect { .. }
            | Question::Exchange { .. }
            | Question::Http(_)
            | Question::Group(_)
            | Question::Execute { .. }
            | Question::Request(_)
            | Question::Lookup(_)
            | Question::Account(_)
            | Question::GroupNumber(_)
            | Question::Link(_)
            | Question::Tracked(_) => Some(Reading::Absent),
            Question::Process(_) => Some(Reading::Present(Reply::Flag(false))),
            Question::Matches { .. } => None,
            Question::Listeners => Some(Reading::Present(Reply::Listeners(Vec::new()))),
            Question::Variables(prefix) => Some(Reading::Present(Reply::Names(self.variables(prefix)))),
            Question::Stat(path) => Some(tree.resolve(path).map(|end| Reply::Stat(self.stat(&end))).into()),
            Question::Access(path) => Some(tree.resolve(path).map(|_| Reply::Open).into()),
            Question::Resolve(path) => Some(tree.resolve(path).map(Reply::Path).into()),
            Question::Read(path) | Question::StartupFile(path) => Some(match tree.resolve(path) {
                None => Reading::Absent,
                Some(end) => read(&end).unwrap_or_else(|| not_a("regular file", &end)),
            }),
            // A file that is written down as text is all that there is of it.
            Question::ReadBytes { file, limit } => Some(match tree.resolve(file) {
                None => Reading::Absent,
                Some(end) => {
                    read(&end).unwrap_or_else(|| not_a("regular file", &end)).and_then(|reply| match reply {
                        Reply::Text(text) if text.len() as u64 <= *limit => {
                            Reading::Present(Reply::Raw(text.into()))
                        }
                        _ => Reading::failed(format!("{}: larger than {limit} bytes", end.display())),
                    })
                }
            }),
            Question::Excerpt { file, after, before } => Some(match tree.resolve(file) {
                None => Reading::Absent,
                Some(end) => {
                    read(&end).unwrap_or_else(|| not_a("regular file", &end)).and_then(|reply| match reply {
                        Reply::Text(text) => between(&text, after, before).map(Reply::Text).into(),
                        _ => Reading::Absent,
                    })
                }
            }),
            Question::List(path) => Some(match tree.resolve(path) {
                None => Reading::Absent,
                Some(end) if read(&end).is_some() => not_a("folder", &end),
                Some(end) => list(&end).unwrap_or_else(|| Reading::Present(Reply::Names(tree.names(&end)))),
            }),
            Question::Find { folder, glob } => Some(self.find(folder, glob)),
            Question::FileSystem(path) => match tree.resolve(path) {
                None => Some(Reading::Absent),
                Some(end) => end
                    .ancestors()
                    .find_map(|above| self.answers.get(&Question::FileSystem(above.to_owned())).cloned()),
            },
            Question::Checksum(path) => match tree.resolve(path) {
                None => Some(Reading::Absent),
                Some(_) => None,
            },
            Question::Host | Question::User | Question::Clock | Question::Imprint(_) => None,
        }
    }

    fn variables(&self, prefix: &str) -> Vec<String> {
        let names = self.answers.iter().filter_map(|(question, reading)| match (question, reading) {
            (Question::Env(name), Reading::Present(_)) => name.starts_with(prefix).then(|| name.clone()),
            _ => None,
        });
        names.collect()
    }

    /// A file or a folder of the user's, as most are.
    fn stat(&self, path: &Path) -> Stat {
        let uid = match self.answers.get(&Question::User) {
            Some(Reading::Present(Reply::User(user))) => user.uid,
            _ => 1000,
        };
        match self.answers.get(&Question::Read(path.to_owned())) {
            Some(Reading::Present(Reply::Text(text))) => Stat {
                kind: FileKind::File,
                size: text.len() as u64,
                modified: 0,
                inode: 0,
                mode: 0o644,
                uid,
                gid: uid,
            },
            Some(_) => {
                Stat { kind: FileKind::File, size: 0, modified: 0, inode: 0, mode: 0o644, uid, gid: uid }
            }
            None => {
                Stat { kind: FileKind::Folder, size: 0, modified: 0, inode: 0, mode: 0o755, uid, gid: uid }
            }
        }
    }

    /// The recorded files below a folder that match a glob.
    fn find(&self, folder: &Path, pattern: &str) -> Reading<Reply> {
        let matcher = match glob::matcher(folder, pattern) {
            Ok(matcher) => matcher,
            Err(why) => return Reading::failed(why),
        };
        let names = self.answers.iter().filter_map(|(question, reading)| match (question, reading) {
            (Question::Read(file), Reading::Present(_)) if matcher.matched(file, false).is_whitelist() => {
                file.strip_prefix(folder).ok().and_then(Path::to_str).map(str::to_owned)
            }
            _ => None,
        });
        Reading::Present(Reply::Names(names.collect()))
    }
}

impl Machine for Recorded {
    fn ask(&self, question: &Question) -> Reading<Reply> {
        // In a whole machine a link may lead to another one, so that what it says is not yet its end.
        let to_follow = |reading: &Reading<Reply>| {
            self.tree.is_some() && matches!((question, reading), (Question::Resolve(_), Reading::Present(_)))
        };
        if let Some(reading) = self.answers.get(question)
            && !to_follow(reading)
        {
            return reading.clone();
        }
        let sealed = question.sealed();
        if let Some(reading) = self.answers.get(&sealed).filter(|_| sealed != *question) {
            return reading.clone();
        }
        // The text itself may be written down.
        if let Question::Matches { of, matcher } = question {
            let text = match of {
                Subject::File(file) => Question::Read(file.clone()),
                Subject::Variable(name) => Question::Env(name.clone()),
            };
            return self.ask(&text).and_then(|reply| matched(&reply, matcher));
        }
        // Written down like every other text.
        if let Question::StartupFile(file) = question {
            return self.ask(&Question::Read(file.clone())).map(only_startup);
        }
        self.tree
            .as_ref()
            .and_then(|tree| self.infer(tree, question))
            .unwrap_or_else(|| Reading::failed(format!("{NOT_RECORDED}{}", describe(&sealed))))
    }
}

fn between(text: &str, after: &str, before: &str) -> Option<String> {
    Some(text.split_once(after)?.1.split_once(before)?.0.to_owned())
}

fn describe(question: &Question) -> String {
    match question {
        Question::Env(name) => format!("the variable {name}"),
        Question::Which(program) => format!("where {program} is"),
        Question::Read(file) | Question::StartupFile(file) => format!("the content of {}", file.display()),
        Question::ReadBytes { file, .. } => format!("the bytes of {}", file.display()),
        Question::Excerpt { file, after, .. } => format!("what stands after '{after}' in {}", file.display()),
        Question::List(folder) => format!("the names in {}", folder.display()),
        Question::Find { folder, glob } => format!("the files {glob} below {}", folder.display()),
        Question::Resolve(path) => format!("where {} leads", path.display()),
        Question::RunIn { folder, argv } => {
            format!("what `{}` prints in {}", argv.join(" "), folder.display())
        }
        Question::Run { argv } => format!("what `{}` prints", argv.join(" ")),
        Question::Connect { host, port } => format!("whether {host}:{port} is open"),
        Question::Host => "the machine itself".to_owned(),
        Question::FileSystem(path) => format!("the file system of {}", path.display()),
        Question::Access(path) => format!("whether {} may be opened", path.display()),
        Question::Stat(path) => format!("what stands at {}", path.display()),
        Question::Tracked(folder) => format!("what git tracks in {}", folder.display()),
        Question::Imprint(path) => format!("what changes at {}", path.display()),
        Question::User => "the user".to_owned(),
        Question::Group(name) => format!("the group {name}"),
        Question::Clock => "the time".to_owned(),
        Question::Variables(prefix) => format!("the variables {prefix}*"),
        Question::Http(url) => format!("the answer of {url}"),
        Question::Listeners => "who listens on ports".to_owned(),
        Question::Checksum(file) => format!("the checksum of {}", file.display()),
        Question::Link(path) => format!("where {} leads at once", path.display()),
        Question::Matches { of: Subject::File(file), matcher } => {
            format!("whether {} {}", file.display(), matcher.told())
        }
        Question::Matches { of: Subject::Variable(name), matcher } => {
            format!("whether the variable {name} {}", matcher.told())
        }
        Question::Execute { argv, .. } => format!("what comes of `{}`", argv.join(" ")),
        Question::Request(request) => format!("the answer of {}", request.url),
        Question::Lookup(host) => format!("the addresses of {host}"),
        Question::Process(name) => format!("whether {name} runs"),
        Question::Account(name) => format!("the user {name}"),
        Question::GroupNumber(name) => format!("the number of the group {name}"),
        Question::Exchange { address: Address::Unix(path), .. } => {
            format!("the answer at {}", path.display())
        }
        Question::Exchange { address: Address::Tcp { host, port }, .. } => {
            format!("the answer of {host}:{port}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Change;

    fn machine(text: &str) -> Recorded {
        Recorded::new(&Recording::parse(text, "m.yaml").unwrap())
    }

    #[test]
    fn what_is_not_recorded_is_not_known() {
        let machine = machine("project: /p\nenv: {A: a, B: null}\n");
        let machine: &dyn Machine = &machine;
        assert_eq!(machine.env("A"), Reading::Present("a".into()));
        assert_eq!(machine.env("B"), Reading::Absent);
        assert_eq!(machine.env("C"), Reading::failed("not recorded: the variable C"));
        assert_eq!(machine.read(Path::new("/x")), Reading::failed("not recorded: the content of /x"));
        machine.change(&Change::MakeFolder("/x".into())).unwrap_err();
    }

    #[test]
    fn a_whole_machine_holds_just_what_its_paths_show() {
        let machine = machine(
            "project: /home/user/app\notherwise: absent\nfiles:\n  /opt/v1/bin/tool: x\n  /opt/v1/lib/a.txt: y\n\
             links:\n  /opt/current: /opt/v1\n  /usr/bin/tool: /opt/current/bin/tool\nfolders:\n  /empty: []\n\
             file_systems:\n  /: {free: 7}\nwhich: {tool: /usr/bin/tool}\n",
        );
        let machine: &dyn Machine = &machine;
        let at = Path::new;
        assert_eq!(machine.env("ANY"), Reading::Absent);
        assert_eq!(machine.which("other"), Reading::Absent);
        assert_eq!(machine.resolve(at("/usr/bin/tool")), Reading::Present("/opt/v1/bin/tool".into()));
        assert_eq!(machine.read(at("/opt/current/lib/a.txt")), Reading::Present("y".into()));
        assert_eq!(machine.list(at("/opt/current")), Reading::Present(vec!["bin".into(), "lib".into()]));
        assert_eq!(machine.list(at("/empty")), Reading::Present(vec![]));
        assert_eq!(machine.list(at("/none")), Reading::Absent);
        assert!(matches!(machine.read(at("/opt")), Reading::Failed { .. }));
        assert!(matches!(machine.list(at("/opt/v1/lib/a.txt")), Reading::Failed { .. }));
        assert_eq!(machine.file_system(at("/home/user/app")).map(|it| it.free), Reading::Present(7));
        assert_eq!(machine.file_system(at("/nix")), Reading::Absent);
        let kind = |path: &str| machine.stat(at(path)).map(|stat| stat.kind);
        assert_eq!(kind("/usr/bin/tool"), Reading::Present(FileKind::File));
        assert_eq!(kind("/opt/current"), Reading::Present(FileKind::Folder));
        assert_eq!(kind("/none"), Reading::Absent);
        assert_eq!(machine.listeners(), Reading::Present(vec![]));
        assert!(matches!(machine.user(), Reading::Failed { .. }));
        assert_eq!(machine.run(&["tool"]), Reading::Absent);
        assert!(matches!(machine.host(), Reading::Failed { .. }));
    }

    #[test]
    fn links_in_a_circle_lead_nowhere() {
        let machine = machine("project: /p\notherwise: absent\nlinks: {/a: /b/x, /b: /a}\n");
        let machine: &dyn Machine = &machine;
        assert_eq!(machine.resolve(Path::new("/a/y")), Reading::Absent);
    }
}
