//! What `.envrc` asks direnv for, and what `.env` sets.

use super::super::{Context, Probe};
use super::nix_file::{File, assignment};
use crate::facts::{Facts, Reading};
use crate::project::{Located, parse_dotenv, parse_envrc};

pub(super) const PROBE: Probe = Probe {
    name: ".envrc",
    yields: &[
        "project.env_file.exports",
        "project.envrc.exports",
        "project.envrc.layouts",
        "project.envrc.sources",
        "project.envrc.uses",
    ],
    usual: &[],
    apart: false,
    run,
};

const ENVRC: &[&str] =
    &["project.envrc.exports", "project.envrc.layouts", "project.envrc.sources", "project.envrc.uses"];
const ENV: &[&str] = &["project.env_file.exports"];

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    let envrc = File::read(context, ".envrc");
    match envrc.as_present().map(|file| (file, parse_envrc(&file.text))) {
        Some((file, Some(envrc))) => {
            let items = |items: &[Located<String>]| {
                items.iter().map(|it| (it.value.clone(), it.offset)).collect::<Vec<_>>()
            };
            file.add_list(&mut facts, "project.envrc.uses", items(&envrc.uses));
            file.add_list(&mut facts, "project.envrc.layouts", items(&envrc.layouts));
            file.add_list(&mut facts, "project.envrc.sources", items(&envrc.sources));
            file.add_list(&mut facts, "project.envrc.exports", envrc.exports.iter().map(assignment));
        }
        Some((_, None)) => facts.extend(File::none(&too_large(".envrc"), ".envrc", ENVRC)),
        None => facts.extend(File::none(&envrc, ".envrc", ENVRC)),
    }
    let env = File::read(context, ".env");
    match env.as_present().map(|file| (file, parse_dotenv(&file.text))) {
        // A value may be a secret, and a name is enough to find it.
        Some((file, Some(exports))) => {
            let names = exports.iter().map(|export| (export.name.clone(), export.offset));
            file.add_list(&mut facts, ENV[0], names);
        }
        Some((_, None)) => facts.extend(File::none(&too_large(".env"), ".env", ENV)),
        None => facts.extend(File::none(&env, ".env", ENV)),
    }
    facts
}

fn too_large(name: &str) -> Reading<File> {
    Reading::failed(format!("{name}: the file is too large to be read"))
}

#[cfg(test)]
mod tests {
    use crate::facts::Reading;
    use crate::probes::recorded::{facts_of as run, list};

    #[test]
    fn what_direnv_would_do_and_no_secrets() {
        let facts = run(
            &super::PROBE,
            "files:\n  /p/.envrc: \"use flake\\nexport A=1\\n\"\n  /p/.env: 'TOKEN=secret'\n",
        );
        assert_eq!(list(&facts, "project.envrc.uses"), ["flake"]);
        assert_eq!(list(&facts, "project.envrc.exports"), ["A=1"]);
        assert_eq!(list(&facts, "project.env_file.exports"), ["TOKEN"]);
        let none = run(&super::PROBE, "");
        assert!(none.iter().all(|(_, fact)| fact.reading == Reading::Absent));
    }
}
