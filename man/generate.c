/* Makes the manual page and the shell completions from the tables that the program itself reads:
 *
 *     generate man FILE.in | bash | zsh | fish
 *
 * The result goes to standard output. In FILE.in a line that is a placeholder (@OPTIONS@ and so on)
 * becomes what its table says; @VERSION@ may stand anywhere. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/finding.h"
#include "base/text.h"
#include "cli/options.h"
#include "read/format.h"
#include "weigh/scheme.h"
#include "write/advice.h"
#include "write/findings_writer.h"
#include "write/report.h"

static void add(struct mw_text *out, const char *text) {
    mw_text_add(out, text, strlen(text));
}

/* Appends text with a backslash before each of the characters in `special`. */
static void add_escaped(struct mw_text *out, const char *text, const char *special) {
    for (; *text; text++) {
        if (strchr(special, *text)) add(out, "\\");
        mw_text_add(out, text, 1);
    }
}

/* The part of a help text that fits beside an option: its first sentence, without the full stop. */
static void add_first_sentence(struct mw_text *out, const char *help) {
    const char *end = strstr(help, ". ");
    size_t length = end ? (size_t)(end - help) : strlen(help);
    if (length && help[length - 1] == '.') length--;
    mw_text_add(out, help, length);
}

/* What the word with this number means: the row of the table that the word itself stands in. */
static const char *word_meaning(const char *word, size_t number) {
    if (number < mw_scheme_count && word == mw_schemes[number].name)
        return mw_schemes[number].formula;
    if (number < mw_writer_count && word == mw_writers[number]->name)
        return mw_writers[number]->summary;
    if (number < mw_findings_writer_count && word == mw_findings_writers[number]->name)
        return mw_findings_writers[number]->summary;
    return NULL;
}

/* --- Manual page -------------------------------------------------------------------------------- */

/* Appends text that roff shows as it is, on any device; a sentence that ends within it ends a
 * line. */
static void add_roff(struct mw_text *out, const char *text) {
    if (*text == '.') add(out, "\\&");
    for (char last = ' '; *text; last = *text++) {
        if (*text == '\\') add(out, "\\(rs");
        else if (*text == '\'') add(out, "\\(aq");
        else if (*text == '`') add(out, "\\(ga");
        else if (*text == '^') add(out, "\\(ha");
        else if (*text == '~') add(out, "\\(ti");
        else if (*text == '"') add(out, "\\(dq");
        else if (*text == '-') add(out, "\\-");
        else if (*text == ' ' && last == '.' && isupper((unsigned char)text[1])) add(out, "\n");
        else mw_text_add(out, text, 1);
    }
}

/* Appends "One of a, b, c." with the words as mdoc literals. */
static void add_word_list(struct mw_text *out, const struct mw_option *option) {
    add(out, "One of\n.Cm ");
    for (size_t i = 0; option->word(i); i++) {
        if (i) add(out, " , ");
        add_roff(out, option->word(i));
    }
    add(out, " .\n");
}

static void add_man_option(struct mw_text *out, const struct mw_option *option) {
    add(out, ".It ");
    if (option->letter) mw_text_print(out, "Fl %c , ", option->letter);
    add(out, "Fl \\-");
    add_roff(out, option->name);
    if (option->argument)
        mw_text_print(out, option->optional ? " Ns Op = Ns Ar %s" : " Ar %s", option->argument);
    add(out, "\n");
    add_roff(out, option->help);
    add(out, "\n");
    if (option->word) add_word_list(out, option);
}

static enum mw_status add_options(struct mw_text *out, struct mw_error *err) {
    (void)err;
    for (int group = 0; group < MW_GROUP_COUNT; group++) {
        mw_text_print(out, ".Ss %s\n.Bl -tag -width Ds\n", mw_option_groups[group]);
        for (size_t i = 0; i < mw_option_count; i++)
            if ((int)mw_options[i].group == group) add_man_option(out, &mw_options[i]);
        add(out, ".El\n");
    }
    return MW_OK;
}

static void add_man_parameter(struct mw_text *out, const struct mw_parameter *parameter) {
    mw_text_print(out, ".It Cm %s Ns = Ns ", parameter->name);
    if (parameter->choices[0]) {
        mw_text_print(out, "Cm %s | %s\nStandard: ", parameter->choices[0], parameter->choices[1]);
        add_roff(out, parameter->choices[0]);
    } else {
        char digits[MW_REAL_SIZE];
        add(out, "Ar number\n");
        add_roff(out, parameter->range);
        add(out, "; standard: ");
        add_roff(out, mw_real_format(parameter->standard, digits));
    }
    add(out, ".\n");
}

static void add_man_scheme(struct mw_text *out, const struct mw_scheme *scheme) {
    add(out, ".It Cm ");
    add_roff(out, scheme->name);
    if (scheme->alias) {
        add(out, " , ");
        add_roff(out, scheme->alias);
    }
    add(out, "\n.Bd -literal -compact\n");
    add_roff(out, scheme->formula);
    add(out, "\n.Ed\n");
    add_roff(out, scheme->source);
    add(out, ".\n");
    if (!scheme->parameters[0].name) return;
    add(out, ".Bl -tag -width Ds -compact\n");
    for (size_t i = 0; i < MW_PARAMETERS && scheme->parameters[i].name; i++)
        add_man_parameter(out, &scheme->parameters[i]);
    add(out, ".El\n");
}

static enum mw_status add_samplers(struct mw_text *out, struct mw_error *err) {
    char digits[MW_REAL_SIZE];
    (void)err;
    add(out, ".Bl -tag -width Ds\n");
    for (size_t i = 0; i < mw_sampler_count; i++) {
        const struct mw_sampler *sampler = &mw_samplers[i];
        add(out, ".It Cm ");
        add_roff(out, sampler->name);
        add(out, "\n");
        add_roff(out, sampler->formula);
        add(out, " (");
        add_roff(out, sampler->source);
        add(out, ").\n");
        mw_text_print(out, "A mask without any class gets %s.\n",
                      mw_real_format(sampler->without, digits));
        if (sampler->threshold > 0)
            mw_text_print(out,
                          ".Bl -tag -width Ds -compact\n.It Cm t Ns = Ns Ar number\n"
                          "above 0 and up to 1; standard: %s.\n.El\n",
                          mw_real_format(sampler->threshold, digits));
    }
    add(out, ".El\n");
    return MW_OK;
}

static enum mw_status add_schemes(struct mw_text *out, struct mw_error *err) {
    (void)err;
    add(out, ".Bl -tag -width Ds\n");
    for (size_t i = 0; i < mw_scheme_count; i++) add_man_scheme(out, &mw_schemes[i]);
    add(out, ".El\n");
    return MW_OK;
}

static enum mw_status add_formats(struct mw_text *out, struct mw_error *err) {
    (void)err;
    add(out, ".Bl -tag -width Ds\n");
    for (size_t i = 0; i < mw_writer_count; i++) {
        mw_text_print(out, ".It Cm %s\n", mw_writers[i]->name);
        add_roff(out, mw_writers[i]->summary);
        add(out, ".\n");
        if (mw_writers[i]->single) add(out, "Holds one scheme.\n");
        if (mw_writers[i]->dense) add(out, "Needs the class ids 0 to K\\-1.\n");
    }
    add(out, ".El\n");
    return MW_OK;
}

static enum mw_status add_reports(struct mw_text *out, struct mw_error *err) {
    (void)err;
    add(out, ".Bl -tag -width Ds\n");
    for (size_t i = 0; i < mw_findings_writer_count; i++) {
        mw_text_print(out, ".It Cm %s\n", mw_findings_writers[i]->name);
        add_roff(out, mw_findings_writers[i]->summary);
        add(out, ".\n");
    }
    add(out, ".El\n");
    return MW_OK;
}

/* The statements of --report advice: when each is made, and whose it is. */
static enum mw_status add_advice(struct mw_text *out, struct mw_error *err) {
    (void)err;
    add(out, ".Bl -tag -width Ds -compact\n");
    for (size_t i = 0; i < mw_statement_count; i++) {
        add(out, ".It Cm ");
        add_roff(out, mw_statements[i].name);
        add(out, "\n");
        add_roff(out, mw_statements[i].when);
        add(out, "\n(");
        add_roff(out, mw_statements[i].source);
        add(out, ").\n");
    }
    add(out, ".El\n");
    return MW_OK;
}

/* The suffixes of masks, as the end of a sentence. */
static enum mw_status add_suffixes(struct mw_text *out, struct mw_error *err) {
    (void)err;
    add(out, ".Pa");
    for (size_t i = 0; i < mw_format_count; i++)
        for (size_t j = 0; mw_formats[i]->suffixes[j]; j++)
            mw_text_print(out, "%s .%s", i || j ? " ," : "", mw_formats[i]->suffixes[j]);
    add(out, " .\n");
    return MW_OK;
}

/* The formats of masks, as the end of a sentence. */
static enum mw_status add_containers(struct mw_text *out, struct mw_error *err) {
    (void)err;
    mw_format_add_names(out);
    add(out, ".\n");
    return MW_OK;
}

static enum mw_status add_findings(struct mw_text *out, struct mw_error *err) {
    (void)err;
    add(out, ".Bl -tag -width Ds\n");
    for (size_t i = 0; i < MW_FINDING_CODES; i++) {
        const struct mw_finding_kind *kind = &mw_finding_kinds[i];
        add(out, ".It Cm ");
        add_roff(out, kind->code);
        mw_text_print(out, " Pq %s\n", mw_severity_name(kind->severity));
        add_roff(out, kind->meaning);
        add(out, ".\n");
    }
    add(out, ".El\n");
    return MW_OK;
}

/* How a rule of the check is written. */
static void add_rule_form(struct mw_text *out, const struct mw_check *check) {
    mw_text_print(out, ".It Cm %s", check->name);
    if (check->per_class) add(out, " Ns Oo : Ns Ar CLASS Oc");
    if (check->operand) mw_text_print(out, " Ns \\&: Ns Ar %s", check->operand->word);
    if (check->unit == MW_CHECK_FIXED) add(out, "\n");
    else add(out, isnan(check->standard) ? " Ns = Ns Ar LIMIT\n" : " Ns Oo = Ns Ar LIMIT Oc\n");
}

static enum mw_status add_checks(struct mw_text *out, struct mw_error *err) {
    (void)err;
    add(out, ".Bl -tag -width Ds\n");
    for (size_t i = 0; i < mw_check_count; i++) {
        const struct mw_check *check = &mw_checks[i];
        add_rule_form(out, check);
        add(out, "Measured: ");
        add_roff(out, check->quantity);
        add(out, ".\n");
        if (check->unit != MW_CHECK_FIXED)
            mw_text_print(out, "The limit is the %s allowed, %s",
                          check->at_least ? "least" : "most", mw_check_unit_words[check->unit]);
        if (check->unit != MW_CHECK_FIXED && !isnan(check->standard))
            mw_text_print(out, "; standard: %g", check->standard);
        if (check->unit != MW_CHECK_FIXED) add(out, ".\n");
        if (check->operand) {
            mw_text_print(out, ".Ar %s\n", check->operand->word);
            add(out, "is ");
            add_roff(out, check->operand->words);
            add(out, ".\n");
        }
        if (check->wants_images) add(out, "Needs\n.Fl \\-images ,\nwhich implies it");
        if (check->wants_images)
            add(out, check->wants_all_masks ? " where every source is a directory or an archive.\n"
                                            : ".\n");
        if (check->wants_baseline) add(out, "Needs\n.Fl \\-baseline .\n");
        if (check->wants_classes) add(out, "Needs declared classes.\n");
        if (check->not_of_sample) add(out, "Not with\n.Fl \\-sample .\n");
        if (check->implied && !check->wants_images) add(out, "Implied by any other rule.\n");
        add_roff(out, check->why);
        add(out, "\n");
    }
    add(out, ".El\n");
    return MW_OK;
}

static const struct placeholder {
    const char *line;
    enum mw_status (*add)(struct mw_text *out, struct mw_error *err);
} placeholders[] = {
    {"@OPTIONS@", add_options},   {"@SCHEMES@", add_schemes},   {"@FORMATS@", add_formats},
    {"@FINDINGS@", add_findings}, {"@SUFFIXES@", add_suffixes}, {"@CONTAINERS@", add_containers},
    {"@CHECKS@", add_checks},     {"@SAMPLERS@", add_samplers}, {"@REPORTS@", add_reports},
    {"@ADVICE@", add_advice},
};
enum { PLACEHOLDERS = sizeof placeholders / sizeof placeholders[0] };

/* One line of the prose; `seen` has a bit for each placeholder that was met. */
static enum mw_status add_man_line(struct mw_text *out, const char *line, unsigned *seen,
                                   struct mw_error *err) {
    static const char version[] = "@VERSION@";
    for (size_t i = 0; i < PLACEHOLDERS; i++) {
        if (strcmp(line, placeholders[i].line) != 0) continue;
        *seen |= 1U << i;
        return placeholders[i].add(out, err);
    }
    for (const char *found; (found = strstr(line, version)); line = found + strlen(version)) {
        mw_text_add(out, line, (size_t)(found - line));
        add(out, MW_VERSION);
    }
    if (line[0] == '@') return mw_error_set(err, MW_USAGE, "%s is no placeholder", line);
    mw_text_print(out, "%s\n", line);
    return MW_OK;
}

static enum mw_status make_man(struct mw_text *out, const char *path, struct mw_error *err) {
    enum { PROSE_LIMIT = 1 << 20 };
    struct mw_text prose = {0};
    unsigned seen = 0;
    enum mw_status status = mw_bytes_slurp_path(path, PROSE_LIMIT, &prose, err);
    char *line = prose.data, *end;
    for (; !status && line && (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        status = add_man_line(out, line, &seen, err);
    }
    for (size_t i = 0; i < PLACEHOLDERS && !status; i++)
        if (!(seen >> i & 1))
            status = mw_error_set(err, MW_USAGE, "%s: %s is missing", path, placeholders[i].line);
    mw_text_free(&prose);
    return status;
}

/* --- bash --------------------------------------------------------------------------------------- */

/* A branch of the case statement: the names of the option, then what its argument may be. */
static void add_bash_option(struct mw_text *out, const struct mw_option *option) {
    if (!option->argument || option->optional) return; /* the next word is a source */
    mw_text_print(out, "    --%s", option->name);
    if (option->letter) mw_text_print(out, " | -%c", option->letter);
    if (!option->word) {
        mw_text_print(out, ") kind=%s", option->names_file ? "file" : "text");
        if (option->listed)
            mw_text_print(out,
                          " words=$(\"${COMP_WORDS[0]}\" --list %s 2>/dev/null | cut -d ' ' -f 1)",
                          option->listed);
        add(out, " ;;\n");
        return;
    }
    add(out, ") kind=word words='");
    for (size_t i = 0; option->word(i); i++)
        mw_text_print(out, "%s%s", i ? " " : "", option->word(i));
    add(out, "' ;;\n");
}

/* Readline splits words at '=' unless told otherwise, so an argument may be two words away from its
 * option. With no reply, `-o default` lets readline complete file names by itself: it knows quotes
 * and '~'. */
static const char bash_head[] =
    "# bash completion of maskweight, made from its table of options.\n"
    "_maskweight() {\n"
    "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
    "    local option='' prefix='' kind=source words='' i\n"
    "    COMPREPLY=()\n"
    "    if [[ $current == = ]]; then\n"
    "        option=$previous current=''\n"
    "    elif [[ $previous == = ]]; then\n"
    "        option=${COMP_WORDS[COMP_CWORD - 2]}\n"
    "    elif [[ $current == --*=* ]]; then\n"
    "        option=${current%%=*} prefix=${current%%=*}= current=${current#*=}\n"
    "    else\n"
    "        option=$previous\n"
    "    fi\n"
    "    case $option in\n";

static const char bash_middle[] =
    "    esac\n"
    "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
    "        [[ ${COMP_WORDS[i]} == -- ]] && kind=file # nothing but sources follow\n"
    "    done\n"
    "    if [[ $kind == source && $current == -* ]]; then\n"
    "        kind=word words='";

static const char bash_tail[] =
    "'\n"
    "    fi\n"
    "    case $kind in\n"
    "    word) mapfile -t COMPREPLY < <(compgen -P \"$prefix\" -W \"$words\" -- \"$current\") ;;\n"
    "    source | file)\n"
    "        mapfile -t COMPREPLY < <(compgen -P \"$prefix\" -f -W \"$words\" -- \"$current\")\n"
    "        compopt -o filenames 2>/dev/null\n"
    "        return\n"
    "        ;;\n"
    "    esac\n"
    "    compopt +o default 2>/dev/null\n"
    "}\n"
    "complete -o default -F _maskweight maskweight\n";

static void make_bash(struct mw_text *out) {
    add(out, bash_head);
    for (size_t i = 0; i < mw_option_count; i++) add_bash_option(out, &mw_options[i]);
    add(out, bash_middle);
    for (size_t i = 0; i < mw_option_count; i++) {
        mw_text_print(out, "%s--%s", i ? " " : "", mw_options[i].name);
        if (mw_options[i].letter) mw_text_print(out, " -%c", mw_options[i].letter);
    }
    add(out, bash_tail);
}

/* --- zsh ---------------------------------------------------------------------------------------- */

/* Appends a word in single quotes, for bash and zsh. */
static void add_quoted(struct mw_text *out, const struct mw_text *word) {
    out->failed = out->failed || word->failed;
    add(out, "'");
    for (const char *next = word->data ? word->data : ""; *next; next++)
        if (*next == '\'') add(out, "'\\''");
        else mw_text_add(out, next, 1);
    add(out, "'");
}

/* ":MESSAGE:ACTION" of _arguments. In its list of words with meanings every colon of a meaning has
 * one backslash, and that of a separator too. */
static void add_zsh_argument(struct mw_text *spec, const struct mw_option *option) {
    mw_text_print(spec, "%s%s:", option->optional ? "::" : ":", option->argument);
    if (option->listed)
        mw_text_print(spec,
                      "{_alternative \"names\\:name\\:($($words[1] --list %s 2>/dev/null | "
                      "cut -d ' ' -f 1))\" \"files\\:file\\:_files\"}",
                      option->listed);
    else if (option->names_file) add(spec, "_files");
    if (!option->word) return;
    bool meanings = word_meaning(option->word(0), 0) != NULL;
    add(spec, meanings ? "((" : "(");
    for (size_t i = 0; option->word(i); i++) {
        const char *meaning = word_meaning(option->word(i), i);
        mw_text_print(spec, "%s%s", i ? " " : "", option->word(i));
        if (!meaning) continue;
        add(spec, "\\:\"");
        add_escaped(spec, meaning, "\\\"$`:");
        add(spec, "\"");
    }
    add(spec, meanings ? "))" : ")");
}

static void add_zsh_option(struct mw_text *out, const struct mw_option *option) {
    struct mw_text spec = {0}, sentence = {0};
    const char *plus = option->argument ? "+" : "", *equals = option->optional   ? "=-"
                                                              : option->argument ? "="
                                                                                 : "";
    add(out, "    ");
    if (option->repeatable) add(out, "'*'");
    else if (option->letter) mw_text_print(out, "'(-%c --%s)'", option->letter, option->name);
    if (option->letter)
        mw_text_print(out, "{-%c%s,--%s%s}", option->letter, plus, option->name, equals);
    else mw_text_print(out, "--%s%s", option->name, equals);
    add_first_sentence(&sentence, option->help);
    add(&spec, "[");
    add_escaped(&spec, sentence.data ? sentence.data : "", "\\[]:");
    add(&spec, "]");
    if (option->argument) add_zsh_argument(&spec, option);
    add_quoted(out, &spec);
    add(out, "\n");
    mw_text_free(&spec);
    mw_text_free(&sentence);
}

static void make_zsh(struct mw_text *out) {
    add(out, "#compdef maskweight\n"
             "# zsh completion of maskweight, made from its table of options.\n"
             "local -a arguments\n"
             "arguments=(\n");
    for (int group = 0; group < MW_GROUP_COUNT; group++) {
        mw_text_print(out, "    # %s\n", mw_option_groups[group]);
        for (size_t i = 0; i < mw_option_count; i++)
            if ((int)mw_options[i].group == group) add_zsh_option(out, &mw_options[i]);
    }
    add(out, ")\n_arguments -s -S : $arguments '*:source:_files'\n");
}

/* --- fish --------------------------------------------------------------------------------------- */

/* Appends a word in fish's single quotes, where a backslash escapes itself and the quote. */
static void add_fish_quoted(struct mw_text *out, const struct mw_text *word) {
    out->failed = out->failed || word->failed;
    add(out, "'");
    add_escaped(out, word->data ? word->data : "", "\\'");
    add(out, "'");
}

/* fish expands the list of words once more: a meaning follows its word after a tab. */
static void add_fish_words(struct mw_text *out, const struct mw_option *option) {
    struct mw_text list = {0};
    for (size_t i = 0; option->word(i); i++) {
        const char *meaning = word_meaning(option->word(i), i);
        mw_text_print(&list, "%s%s", i ? " " : "", option->word(i));
        if (!meaning) continue;
        add(&list, "\\t\"");
        add_escaped(&list, meaning, "\\\"$");
        add(&list, "\"");
    }
    add(out, " -a ");
    add_fish_quoted(out, &list);
    mw_text_free(&list);
}

static void make_fish(struct mw_text *out) {
    add(out, "# fish completion of maskweight, made from its table of options.\n");
    for (size_t i = 0; i < mw_option_count; i++) {
        const struct mw_option *option = &mw_options[i];
        struct mw_text sentence = {0};
        add(out, "complete -c maskweight");
        if (option->letter) mw_text_print(out, " -s %c", option->letter);
        mw_text_print(out, " -l %s", option->name);
        if (option->argument && !option->optional) add(out, option->names_file ? " -r -F" : " -x");
        if (option->word) add_fish_words(out, option);
        if (option->listed)
            mw_text_print(out, " -a '(maskweight --list %s 2>/dev/null | cut -d \" \" -f 1)'",
                          option->listed);
        add_first_sentence(&sentence, option->help);
        add(out, " -d ");
        add_fish_quoted(out, &sentence);
        add(out, "\n");
        mw_text_free(&sentence);
    }
}

/* --- Which of them ------------------------------------------------------------------------------ */

static enum mw_status generate(int argc, char **argv, struct mw_text *out, struct mw_error *err) {
    const char *what = argc > 1 ? argv[1] : "";
    if (argc == 3 && strcmp(what, "man") == 0) return make_man(out, argv[2], err);
    if (argc == 2 && strcmp(what, "bash") == 0) make_bash(out);
    else if (argc == 2 && strcmp(what, "zsh") == 0) make_zsh(out);
    else if (argc == 2 && strcmp(what, "fish") == 0) make_fish(out);
    else return mw_error_set(err, MW_USAGE, "usage: generate man FILE.in | bash | zsh | fish");
    return MW_OK;
}

int main(int argc, char **argv) {
    struct mw_text out = {0};
    struct mw_error err;
    enum mw_status status = generate(argc, argv, &out, &err);
    if (!status && out.failed) status = mw_error_memory(&err);
    if (!status) status = mw_bytes_write(STDOUT_FILENO, out.data, out.length, &err);
    if (!status && close(STDOUT_FILENO) != 0)
        status = mw_error_set(&err, MW_IO, "cannot close standard output");
    if (status) fprintf(stderr, "generate: %s\n", err.message);
    mw_text_free(&out);
    return status ? 1 : 0;
}
