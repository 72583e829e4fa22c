# envdoctor looks at a project when you enter it: once in a shell, and again when a file that says what it needs has changed.
function __envdoctor_hook --on-event fish_prompt
    set -l code $status
    if test "$__envdoctor_folder" != "$PWD"
        set -g __envdoctor_folder $PWD
        __envdoctor_enter
    end
    return $code
end

function __envdoctor_enter
    set -l files envdoctor.yaml flake.nix mix.exs .tool-versions
    set -l root $PWD
    # What stands in the home folder is no project of those below it.
    while not contains -- $root / "$HOME"; and not path filter --quiet --type file -- $root/$files
        # By zeros: a name can hold a line break.
        set root (path dirname --null-out -- $root | string split0)
    end
    not contains -- $root / "$HOME"; or return 0
    # `use envdoctor` in .envrc has just told.
    test "$USE_ENVDOCTOR" != "$root"; or return 0
    command --query envdoctor; or return 0
    # Of regular files, and not without end: somebody else may have put anything there.
    set -l sum (for file in $files
        test -f $root/$file; and command head -c 1000000 $root/$file
    end 2>/dev/null | command cksum)
    set -l seen "$root $sum"
    if not contains -- $seen $__envdoctor_seen
        set -ga __envdoctor_seen $seen
        command envdoctor check --quiet </dev/null >&2
    end
end
