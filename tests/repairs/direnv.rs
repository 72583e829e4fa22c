//! direnv: an environment that nobody has agreed to, and what an `.envrc` can hold.

use std::{fs, os::unix::fs::PermissionsExt};

use crate::lab::Lab;
use crate::scenario::{End, Scenario, SeenBy, scenarios};

scenarios! {
    blocked on [host, trixie, sid] Scenario {
        needs: &["direnv"],
        break_it: |lab| lab.write(".envrc", "export ANSWER=42\n"),
        fails: &["direnv", "exec", ".", "printenv", "ANSWER"],
        seen_by: SeenBy::Run,
        rule: "direnv-blocked",
        end: End::Repaired {
            consent: &["--yes=user"],
            works: &["direnv", "exec", ".", "printenv", "ANSWER"],
            not_ours: &[],
        },
    };
    blocked_after_a_change on [host, trixie, sid] Scenario {
        needs: &["direnv"],
        break_it: |lab| {
            lab.write(".envrc", "export ANSWER=41\n");
            lab.run(&["direnv", "allow"]).exits(0);
            lab.write(".envrc", "export ANSWER=42\n");
        },
        fails: &["direnv", "exec", ".", "printenv", "ANSWER"],
        seen_by: SeenBy::Run,
        rule: "direnv-blocked",
        end: End::Repaired {
            consent: &["--yes=user"],
            works: &["direnv", "exec", ".", "printenv", "ANSWER"],
            not_ours: &[],
        },
    };
    asdf_command_of_another_era on [host, trixie] Scenario {
        needs: &["direnv"],
        break_it: |lab| {
            stand_in_for_asdf_0_16(lab);
            lab.write(".envrc", "# the team's Elixir\nstrict_env\nasdf local elixir 1.18.3\nexport ANSWER=42\n");
            lab.run(&["direnv", "allow"]).exits(0);
        },
        fails: &["direnv", "exec", ".", "printenv", "ANSWER"],
        seen_by: SeenBy::Run,
        rule: "asdf-command-of-another-version",
        end: End::Repaired {
            consent: &["--yes=user"],
            works: &["direnv", "exec", ".", "printenv", "ANSWER"],
            // `asdf set` writes it.
            not_ours: &["project/.tool-versions"],
        },
    };
    asdf_command_that_never_was on [host, trixie] Scenario {
        needs: &["direnv"],
        break_it: |lab| {
            stand_in_for_asdf_0_16(lab);
            lab.write(".envrc", "strict_env\nasdf elixir local 1.18.3\nexport ANSWER=42\n");
            lab.run(&["direnv", "allow"]).exits(0);
        },
        fails: &["direnv", "exec", ".", "printenv", "ANSWER"],
        seen_by: SeenBy::Run,
        rule: "asdf-command-of-another-version",
        end: End::Repaired {
            consent: &["--yes=user"],
            works: &["direnv", "exec", ".", "printenv", "ANSWER"],
            not_ours: &["project/.tool-versions"],
        },
    };
}

/// asdf itself is in no registry of packages that can be installed here. This behaves as asdf 0.16 is documented to, as far as
/// an `.envrc` uses it: what is no command of it is refused, with the words of asdf's own source.
fn stand_in_for_asdf_0_16(lab: &mut Lab) {
    let script = "#!/bin/sh
case $1 in
  --version | version) echo 'asdf version v0.16.7' ;;
  set) echo \"$2 $3\" > .tool-versions ;;
  *)
    printf 'invalid command provided: %s\\n\\nversion: 0.16.7\\n' \"$1\" >&2
    exit 1
    ;;
esac
";
    let tools = lab.path("tools");
    fs::create_dir(&tools).unwrap();
    fs::write(tools.join("asdf"), script).unwrap();
    fs::set_permissions(tools.join("asdf"), fs::Permissions::from_mode(0o755)).unwrap();
    let tools = lab.inside("tools");
    lab.put_on_path(&tools);
}
