//! Version managers on recorded machines.

use super::*;
use crate::probes::recorded::{facts_of, shown_with_places as shown};

fn facts(recording: &str) -> Facts {
    facts_of(&PROBE, &format!("project: /h/app\notherwise: absent\n{recording}"))
}

const ASDF: &str = "which: {asdf: /h/.asdf/bin/asdf, elixir: /h/.asdf/shims/elixir, erl: /usr/bin/erl}\n\
                    files: {/h/.asdf/bin/asdf: '', /h/.asdf/lib/commands/command-help.bash: '', \
                    /h/.asdf/installs/elixir/1.17.3-otp-27/bin/elixir: '', /h/.asdf/installs/erlang/27.2/bin/erl: '', \
                    /h/.asdf/installs/elixir/ref-main/bin/elixir: '', /h/app/.tool-versions: TOOLS}\n\
                    folders: {/h/.asdf/plugins: [elixir, erlang, python]}\n";

fn asdf(env: &str, tools: &str) -> Facts {
    facts(&format!(
        "env: {{HOME: /h, PATH: '/h/.asdf/shims:/usr/bin'{env}}}\n{}",
        ASDF.replace("TOOLS", tools)
    ))
}

#[test]
fn what_asdf_has() {
    let facts = asdf("", "''");
    assert_eq!(shown(&facts, "asdf.flavour"), "bash");
    assert_eq!(shown(&facts, "asdf.data"), "/h/.asdf");
    assert_eq!(shown(&facts, "asdf.plugins"), "elixir, erlang, python");
    assert_eq!(shown(&facts, "asdf.installed"), "elixir 1.17.3-otp-27, elixir ref-main, erlang 27.2");
    assert_eq!(shown(&facts, "asdf.shims_on_path"), "yes");
    assert_eq!(shown(&facts, "mise.data"), "-");
    assert_eq!(shown(&facts, "tool_versions.missing"), "");
}

#[test]
fn what_tool_versions_names_and_asdf_lacks() {
    let all = "\"# tools\\nelixir 1.18.0-otp-27\\nerlang 27.2\\nruby 3.3.0\\npython system\\n\"";
    let facts = asdf("", all);
    assert_eq!(shown(&facts, "tool_versions.missing"), "elixir 1.18.0-otp-27 @ .tool-versions:2:8");
    assert_eq!(shown(&facts, "tool_versions.missing_plugins"), "ruby @ .tool-versions:4:6");
    assert_eq!(
        shown(&facts, "tool_versions.bypassed"),
        "erlang (PATH finds /usr/bin/erl) @ .tool-versions:3:8"
    );
    let set = asdf(", ASDF_ELIXIR_VERSION: 1.17.3-otp-27, ASDF_RUBY_VERSION: system", all);
    assert_eq!(shown(&set, "tool_versions.missing"), "");
    assert_eq!(shown(&set, "tool_versions.missing_plugins"), "");
    for there in
        ["elixir 1.18.0 1.17.3-otp-27", "elixir ref:main", "elixir latest", "elixir path:/opt/elixir"]
    {
        assert_eq!(shown(&asdf("", there), "tool_versions.missing"), "", "{there}");
    }
}

#[test]
fn tools_of_a_nix_shell_are_not_bypassed_by_accident() {
    let facts = facts(
        "env: {HOME: /h, PATH: '/run/bin:/h/.asdf/shims'}\nwhich: {asdf: /usr/bin/asdf, erl: /run/bin/erl}\n\
         links: {/run/bin/erl: /nix/store/x-erlang-27.2/bin/erl}\n\
         files: {/h/.asdf/installs/erlang/27.2/bin/erl: '', /h/app/.tool-versions: erlang 27.2}\n\
         folders: {/h/.asdf/plugins: [erlang]}",
    );
    assert_eq!(shown(&facts, "tool_versions.bypassed"), "");
}

#[test]
fn mise_takes_the_newest_that_begins_so() {
    let machine = |tools: &str| {
        facts(&format!(
            "env: {{HOME: /h, PATH: /usr/bin}}\nwhich: {{mise: /usr/bin/mise, node: /h/.local/share/mise/installs/node/22.1.0/bin/node}}\n\
             files: {{/h/.local/share/mise/installs/node/22.1.0/bin/node: '', /h/app/.tool-versions: '{tools}'}}"
        ))
    };
    for there in ["nodejs 22", "nodejs 22.1", "nodejs 22.1.0"] {
        let facts = machine(there);
        assert_eq!(shown(&facts, "tool_versions.missing"), "", "{there}");
        assert_eq!(shown(&facts, "tool_versions.bypassed"), "", "{there}");
    }
    assert_eq!(shown(&machine("nodejs 2"), "tool_versions.missing"), "nodejs 2 @ .tool-versions:1:8");
    assert_eq!(shown(&machine("npm:prettier 3.0.0"), "tool_versions.missing"), "");
    let facts = machine("ruby 3.3.0");
    assert_eq!(shown(&facts, "tool_versions.missing"), "ruby 3.3.0 @ .tool-versions:1:6");
    assert_eq!(shown(&facts, "tool_versions.missing_plugins"), "", "mise needs none");
    assert_eq!(shown(&facts, "asdf.flavour"), "-");
}

#[test]
fn a_tool_that_comes_from_elsewhere_is_not_missed() {
    let missing = |elixir: &str| {
        let facts = facts(&format!(
            "env: {{HOME: /h, PATH: /usr/bin}}\nwhich: {{asdf: /usr/bin/asdf{elixir}}}\n\
             files: {{/h/.asdf/shims/elixir: '', /h/app/.tool-versions: elixir 1.18.0}}\n\
             folders: {{/h/.asdf/plugins: [elixir]}}"
        ));
        shown(&facts, "tool_versions.missing")
    };
    assert_eq!(missing(", elixir: /nix/store/abc-elixir-1.18.4/bin/elixir"), "");
    assert_eq!(missing(", elixir: /usr/bin/elixir"), "");
    assert_eq!(missing(", elixir: /h/.asdf/shims/elixir"), "elixir 1.18.0 @ .tool-versions:1:8");
    assert_eq!(missing(""), "elixir 1.18.0 @ .tool-versions:1:8");
}

#[test]
fn a_manager_that_this_shell_does_not_use_says_nothing() {
    let facts = facts(
        "env: {HOME: /h, PATH: /usr/bin}\nwhich: {elixir: /usr/bin/elixir}\n\
         files: {/h/.asdf/installs/elixir/1.17.3/bin/elixir: '', /h/app/.tool-versions: elixir 1.18.0}",
    );
    assert_eq!(shown(&facts, "asdf.data"), "/h/.asdf");
    for name in ["missing", "missing_plugins", "bypassed"] {
        assert_eq!(shown(&facts, &format!("tool_versions.{name}")), "-", "{name}");
    }
}
