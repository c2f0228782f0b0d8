# Made by `make docs` from the command line's own help. Edit that.
_wheelwatch() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
    local verb=${COMP_WORDS[1]}
    if ((COMP_CWORD == 1)); then
        COMPREPLY=($(compgen -W "scan audit approve diff startup rules explain cache --version --help" -- "$cur"))
        return
    fi
    if [[ $verb == cache ]] && ((COMP_CWORD == 2)) && [[ $cur != -* ]]; then
        COMPREPLY=($(compgen -W "info clear" -- "$cur"))
        return
    fi
    case "$verb $prev" in
        "scan --format") COMPREPLY=($(compgen -W "text json sarif github junit markdown" -- "$cur")); return ;;
        "scan --fail-on") COMPREPLY=($(compgen -W "info low medium high critical never" -- "$cur")); return ;;
        "scan --as") COMPREPLY=($(compgen -W "environment site project collection folder" -- "$cur")); return ;;
        "scan --color") COMPREPLY=($(compgen -W "auto always never" -- "$cur")); return ;;
        "audit --installer") COMPREPLY=($(compgen -W "pip uv" -- "$cur")); return ;;
        "audit --format") COMPREPLY=($(compgen -W "text json sarif github junit markdown" -- "$cur")); return ;;
        "audit --fail-on") COMPREPLY=($(compgen -W "info low medium high critical never" -- "$cur")); return ;;
        "audit --color") COMPREPLY=($(compgen -W "auto always never" -- "$cur")); return ;;
        "approve --fail-on") COMPREPLY=($(compgen -W "info low medium high critical never" -- "$cur")); return ;;
        "approve --as") COMPREPLY=($(compgen -W "environment site project collection folder" -- "$cur")); return ;;
        "approve --installer") COMPREPLY=($(compgen -W "pip uv" -- "$cur")); return ;;
        "diff --format") COMPREPLY=($(compgen -W "text json markdown" -- "$cur")); return ;;
        "diff --fail-on") COMPREPLY=($(compgen -W "info low medium high critical never" -- "$cur")); return ;;
        "diff --as") COMPREPLY=($(compgen -W "environment site project collection folder" -- "$cur")); return ;;
        "diff --color") COMPREPLY=($(compgen -W "auto always never" -- "$cur")); return ;;
        "startup --format") COMPREPLY=($(compgen -W "text json" -- "$cur")); return ;;
        "startup --fail-on") COMPREPLY=($(compgen -W "info low medium high critical never" -- "$cur")); return ;;
        "startup --as") COMPREPLY=($(compgen -W "environment site project collection folder" -- "$cur")); return ;;
        "startup --color") COMPREPLY=($(compgen -W "auto always never" -- "$cur")); return ;;
        "rules --format") COMPREPLY=($(compgen -W "text json" -- "$cur")); return ;;
    esac
    case "$verb" in
        scan) [[ $cur == -* ]] && COMPREPLY=($(compgen -W "--format --output -o --report --fail-on --baseline --config --python-version --as --ioc --no-triage --recall --workers --limit --no-cache --quiet -q --verbose -v --color --help -h" -- "$cur")) ;;
        audit) [[ $cur == -* ]] && COMPREPLY=($(compgen -W "--requirement -r --constraint -c --extra --group --installer --python-version --platform --index-url -i --extra-index-url --find-links -f --no-index --no-deps --sdist --offline --write-lock --format --output -o --report --fail-on --baseline --config --ioc --no-triage --workers --limit --no-cache --quiet -q --verbose -v --color --help -h" -- "$cur")) ;;
        approve) [[ $cur == -* ]] && COMPREPLY=($(compgen -W "--baseline --all --reason --who --expires --prune --fail-on --config --python-version --as --requirement -r --constraint -c --extra --group --installer --platform --index-url -i --extra-index-url --find-links -f --no-index --no-deps --sdist --offline --ioc --workers --limit --no-cache --quiet -q --help -h" -- "$cur")) ;;
        diff) [[ $cur == -* ]] && COMPREPLY=($(compgen -W "--git --format --output -o --fail-on --config --python-version --as --no-deps --offline --workers --limit --no-cache --quiet -q --verbose -v --color --help -h" -- "$cur")) ;;
        startup) [[ $cur == -* ]] && COMPREPLY=($(compgen -W "--format --output -o --fail-on --baseline --config --python-version --as --workers --limit --no-cache --quiet -q --verbose -v --color --help -h" -- "$cur")) ;;
        rules) [[ $cur == -* ]] && COMPREPLY=($(compgen -W "--format --verbose -v --help -h" -- "$cur")) ;;
        explain) [[ $cur == -* ]] && COMPREPLY=($(compgen -W "--from --python-version --workers --no-cache --quiet -q --help -h" -- "$cur")) ;;
        cache) [[ $cur == -* ]] && COMPREPLY=($(compgen -W "--help -h" -- "$cur")) ;;
    esac
}
complete -o default -F _wheelwatch wheelwatch
