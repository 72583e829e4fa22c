//! A place to try things in: this machine or a Debian root, with a home and a project of its own.

pub(crate) mod hex;
pub(crate) mod output;

use std::{
    collections::BTreeMap,
    env, fs,
    io::Write,
    os::unix::fs::{lchown, symlink},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;

use output::Ran;

/// Nothing in a scenario takes this long; what does, hangs.
const DEADLINE: Duration = Duration::from_secs(150);

/// Nix as root without a daemon, and without anything to fetch from.
const NIX_CONFIG: &str =
    "build-users-group =\nsubstituters =\nsandbox = false\nexperimental-features = nix-command flakes";

const ROOT_PATH: &str = "/usr/sbin:/usr/bin:/sbin:/bin";

/// Where tools run.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Machine {
    /// This machine, with the tools on its PATH.
    Host,
    /// A Debian root of this name in `ENVDOCTOR_LAB`, through chroot.
    Root(&'static str),
}

/// One scenario's machine, home and project. All of it is gone when it is dropped.
pub(crate) struct Lab {
    machine: Machine,
    /// The Debian root, or `None` for this machine.
    root: Option<PathBuf>,
    base: TempDir,
    env: BTreeMap<String, String>,
    /// Put before every command, such as `unshare --net --`.
    prefix: Vec<String>,
    /// The user whom commands run as, where it is not the test's own.
    user: Option<(u32, u32)>,
    /// Programs that run until the lab is dropped.
    background: Vec<Child>,
    /// Commands that are run when the lab is dropped.
    at_the_end: Vec<Vec<String>>,
}

impl Drop for Lab {
    fn drop(&mut self) {
        for argv in std::mem::take(&mut self.at_the_end) {
            let argv: Vec<&str> = argv.iter().map(String::as_str).collect();
            let _ = self.command("project", &argv).output();
        }
        for child in &mut self.background {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Runs one scenario on several machines, each a test of its own.
macro_rules! on_each_machine {
    ($scenario:ident needs $needs:expr; $($name:ident: $machine:expr),+ $(,)?) => {
        mod $scenario {
            use super::*;
            $(
                #[test]
                fn $name() {
                    if let Some(lab) = crate::lab::Lab::on($machine, &$needs) {
                        super::$scenario(lab);
                    }
                }
            )+
        }
    };
}
pub(crate) use on_each_machine;

impl Lab {
    /// This machine, if it has those tools.
    pub(crate) fn host(tools: &[&str]) -> Option<Lab> {
        Lab::on(Machine::Host, tools)
    }

    /// A new lab on that machine, or `None` (said in one line) if it or one of its tools is absent.
    pub(crate) fn on(machine: Machine, tools: &[&str]) -> Option<Lab> {
        match missing(machine, tools) {
            Some(what) => {
                left_out(machine, &what);
                None
            }
            None => Some(Lab::new(machine)),
        }
    }

    /// A lab on the same machine that knows nothing of this one.
    pub(crate) fn another(&self) -> Lab {
        Lab::new(self.machine)
    }

    fn new(machine: Machine) -> Lab {
        let root = match machine {
            Machine::Host => None,
            Machine::Root(name) => Some(lab_folder().join(name)),
        };
        let temp = root.as_ref().map_or_else(env::temp_dir, |root| root.join("tmp"));
        let base = tempfile::Builder::new().prefix("envdoctor-").tempdir_in(temp).unwrap();
        let mut lab = Lab {
            machine,
            root,
            base,
            env: BTreeMap::new(),
            prefix: Vec::new(),
            user: None,
            background: Vec::new(),
            at_the_end: Vec::new(),
        };
        for (variable, folder) in [
            ("HOME", "home"),
            ("XDG_CONFIG_HOME", "home/.config"),
            ("XDG_CACHE_HOME", "home/.cache"),
            ("XDG_DATA_HOME", "home/.local/share"),
            ("XDG_STATE_HOME", "home/.local/state"),
            ("XDG_RUNTIME_DIR", "runtime"),
        ] {
            fs::create_dir_all(lab.base.path().join(folder)).unwrap();
            lab.set(variable, &lab.inside(folder));
        }
        fs::create_dir(lab.project()).unwrap();
        let path = if lab.root.is_some() { ROOT_PATH.to_owned() } else { env::var("PATH").unwrap() };
        lab.set("PATH", &path);
        lab.set("LANG", "C.UTF-8");
        lab.set("NIX_CONFIG", NIX_CONFIG);
        lab.install_doctor();
        lab
    }

    /// The binary under test, where the machine can run it.
    fn install_doctor(&self) {
        let built = assert_cmd::cargo::cargo_bin!("envdoctor");
        let here = self.base.path().join("envdoctor");
        if self.root.is_none() {
            symlink(built, here).unwrap();
        } else if fs::hard_link(built, &here).is_err() {
            fs::copy(built, here).unwrap();
        }
    }

    /// The project's folder, as this test reaches it.
    pub(crate) fn project(&self) -> PathBuf {
        self.base.path().join("project")
    }

    /// A path beneath the lab's folder, as this test reaches it.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.base.path().join(relative)
    }

    /// The same path, as the machine's own tools see it.
    pub(crate) fn inside(&self, relative: &str) -> String {
        let path = self.path(relative);
        let seen = match &self.root {
            Some(root) => Path::new("/").join(path.strip_prefix(root).unwrap()),
            None => path,
        };
        seen.into_os_string().into_string().unwrap()
    }

    /// Where envdoctor keeps its state.
    pub(crate) fn state(&self) -> PathBuf {
        self.path("home/.local/state/envdoctor")
    }

    /// Sets an environment variable for what follows.
    pub(crate) fn set(&mut self, variable: &str, value: &str) {
        self.env.insert(variable.to_owned(), value.to_owned());
    }

    /// Puts a folder of the machine before all others on PATH.
    pub(crate) fn put_on_path(&mut self, folder: &str) {
        let path = format!("{folder}:{}", self.env["PATH"]);
        self.set("PATH", &path);
    }

    /// Takes the network away from what follows. Only for a Debian root, where the test is root.
    pub(crate) fn unplug(&mut self) {
        self.prefix = ["unshare", "--net", "--"].map(str::to_owned).to_vec();
    }

    /// Runs what follows as another user of this machine, to whom all of the lab is given. The test must be root.
    pub(crate) fn become_user(&mut self, user: &'static str) {
        // Where the binary was built may be closed to others.
        let binary = self.base.path().join("envdoctor");
        fs::remove_file(&binary).unwrap();
        fs::copy(assert_cmd::cargo::cargo_bin!("envdoctor"), &binary).unwrap();
        let found = uzers::get_user_by_name(user).unwrap();
        let (uid, gid) = (found.uid(), found.primary_group_id());
        for entry in walkdir::WalkDir::new(self.base.path()) {
            let path = entry.unwrap().into_path();
            lchown(path, Some(uid), Some(gid)).unwrap();
        }
        self.set("USER", user);
        self.user = Some((uid, gid));
    }

    /// Writes a file of the project.
    pub(crate) fn write(&self, file: &str, text: &str) {
        let file = self.project().join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    /// Reads a file of the project.
    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.project().join(file)).unwrap()
    }

    /// Runs a tool in the project.
    pub(crate) fn run(&self, argv: &[&str]) -> Ran {
        self.run_in("project", argv, b"")
    }

    /// Runs envdoctor in the project.
    pub(crate) fn doctor(&self, arguments: &[&str]) -> Ran {
        self.doctor_with(arguments, b"")
    }

    /// Runs envdoctor in the project with something on its standard input.
    pub(crate) fn doctor_with(&self, arguments: &[&str], stdin: &[u8]) -> Ran {
        let binary = self.inside("envdoctor");
        let argv: Vec<&str> = [binary.as_str()].into_iter().chain(arguments.iter().copied()).collect();
        self.run_in("project", &argv, stdin)
    }

    /// Runs a tool in a folder of the lab with something on its standard input.
    pub(crate) fn run_in(&self, folder: &str, argv: &[&str], stdin: &[u8]) -> Ran {
        let mut command = assert_cmd::Command::from_std(self.command(folder, argv));
        let output = command.write_stdin(stdin).timeout(DEADLINE).output().unwrap();
        Ran::new(argv, output)
    }

    /// Starts a program that goes on running.
    pub(crate) fn start(&self, argv: &[&str]) -> Child {
        let mut command = self.command("project", argv);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// Starts a program that runs until the lab is dropped.
    pub(crate) fn start_until_the_end(&mut self, argv: &[&str]) {
        let child = self.start(argv);
        self.background.push(child);
    }

    /// Runs a command when the lab is dropped, whatever comes of it.
    pub(crate) fn run_at_the_end(&mut self, argv: &[&str]) {
        self.at_the_end.push(argv.iter().map(|&word| word.to_owned()).collect());
    }

    /// A tool as it would run in a folder of the lab.
    pub(crate) fn command(&self, folder: &str, argv: &[&str]) -> Command {
        let mut words = self.prefix.clone();
        if let Some(root) = &self.root {
            words.extend(["chroot".to_owned(), root.to_str().unwrap().to_owned()]);
            words.extend(["env", "-i", "-C"].map(str::to_owned));
            words.push(self.inside(folder));
            words.extend(self.env.iter().map(|(variable, value)| format!("{variable}={value}")));
        }
        if let Some((uid, gid)) = self.user {
            let ids = [format!("--reuid={uid}"), format!("--regid={gid}")];
            words.push("setpriv".to_owned());
            words.extend(ids);
            words.extend(["--clear-groups", "--"].map(str::to_owned));
        }
        words.extend(argv.iter().map(|&word| word.to_owned()));
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]);
        if self.root.is_none() {
            command.current_dir(self.path(folder)).env_clear().envs(&self.env);
        }
        command
    }
}

/// The folder with the Debian roots and MLX.
pub(crate) fn lab_folder() -> PathBuf {
    env::var_os("ENVDOCTOR_LAB").map_or_else(|| PathBuf::from("/var/cache/envdoctor-lab"), PathBuf::from)
}

/// The folder of PostgreSQL's server: Debian keeps it off PATH.
pub(crate) fn postgres_programs() -> Option<PathBuf> {
    let debian = glob::glob("/usr/lib/postgresql/*/bin/pg_ctl").unwrap().flatten().last();
    debian.or_else(|| which::which("pg_ctl").ok())?.parent().map(Path::to_owned)
}

/// The folder of a package for Node, as npm installs it.
pub(crate) fn node_package(name: &str) -> Option<PathBuf> {
    let folder = lab_folder().join("npm/node_modules").join(name);
    folder.is_dir().then_some(folder)
}

/// The folder of mise, as npm installs it.
pub(crate) fn mise() -> Option<PathBuf> {
    let pattern = lab_folder().join("mise/node_modules/@jdxcode/mise-*/bin/mise");
    let found = glob::glob(pattern.to_str()?).ok()?.flatten().last();
    found?.parent().map(Path::to_owned)
}

/// Says that a scenario is left out, or fails where all of them are asked for.
pub(crate) fn left_out(machine: Machine, needs: &str) {
    // Debian sid changes daily and cannot always be installed.
    let optional = matches!(machine, Machine::Root("sid"));
    let required = env::var("ENVDOCTOR_REQUIRE_TOOLS").is_ok_and(|value| value == "1");
    assert!(optional || !required, "needs {needs}");
    // Not by `eprintln!`, which the test runner keeps to itself when a test passes.
    let _ = writeln!(std::io::stderr(), "skipped: needs {needs}");
}

/// The first thing that a machine lacks.
fn missing(machine: Machine, tools: &[&str]) -> Option<String> {
    let Machine::Root(name) = machine else {
        let there = |tool: &str| match tool {
            "postgresql" => postgres_programs().is_some(),
            "mise" => mise().is_some(),
            "tap-parser" => node_package("tap-parser").is_some(),
            "@actions/core" => node_package("@actions/core").is_some(),
            "sarif-multitool" => node_package("@microsoft/sarif-multitool-linux").is_some(),
            tool => which::which(tool).is_ok(),
        };
        let absent = tools.iter().find(|tool| !there(tool))?;
        return Some((*absent).to_owned());
    };
    let root = lab_folder().join(name);
    if !rustix::process::geteuid().is_root() {
        return Some("root, to use chroot".to_owned());
    }
    // Links in the root lead into the root, so they are not followed from here.
    let there = |path: &str| root.join(path).symlink_metadata().is_ok();
    if !there("etc/debian_version") {
        return Some(format!("a Debian root at {}", root.display()));
    }
    if !there("proc/self") || !there("dev/pts/ptmx") {
        return Some(format!("/proc and /dev mounted in {}", root.display()));
    }
    let absent = tools.iter().find(|&&tool| match tool {
        "hex" => !there("usr/lib/elixir/lib/hex"),
        tool => !there(&format!("usr/bin/{tool}")),
    })?;
    Some(format!("{absent} in {}", root.display()))
}
