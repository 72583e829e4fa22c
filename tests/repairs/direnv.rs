//! direnv: an environment that nobody has agreed to, and what an `.envrc` can hold.

use crate::scenario::{End, Scenario, SeenBy, scenarios};

scenarios! {
    blocked on [host, trixie] Scenario {
        needs: &["direnv"],
        break_it: |lab| lab.write(".envrc", "export ANSWER=42\n"),
        fails: &["direnv", "exec", ".", "printenv", "ANSWER"],
        seen_by: SeenBy::Run,
        rule: "direnv-blocked",
        end: End::Repaired {
            consent: &["--yes=project"],
            works: &["direnv", "exec", ".", "printenv", "ANSWER"],
            not_ours: &[],
        },
    };
    blocked_after_a_change on [host, trixie] Scenario {
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
            consent: &["--yes=project"],
            works: &["direnv", "exec", ".", "printenv", "ANSWER"],
            not_ours: &[],
        },
    };
}
