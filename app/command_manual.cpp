// moescope manual, moescope completion: the manual page and the shell completion, from the same options as --help. For packages.

#include <iostream>

#include "app/commands.h"

namespace moescope {
namespace {

/// Text as troff reads it.
std::string roff(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '\\' || c == '-') result += '\\';
    if (c == '\\') {
      result += 'e';
      continue;
    }
    result += c;
  }
  return result.starts_with('.') || result.starts_with('\'') ? "\\&" + result : result;
}

std::vector<const CLI::App*> shownCommands(const CLI::App& program) {
  return program.get_subcommands([](const CLI::App* command) { return !command->get_group().empty(); });
}

std::vector<const CLI::Option*> shownOptions(const CLI::App& command) {
  return command.get_options([](const CLI::Option* option) { return !option->get_group().empty(); });
}

/// "--size WIDTHxHEIGHT" as its names: "-o, --output".
std::string namesOf(const CLI::Option& option) {
  if (option.get_positional()) return option.get_name(true);
  std::string names;
  for (const std::string& name : option.get_snames()) names += (names.empty() ? "-" : ", -") + name;
  for (const std::string& name : option.get_lnames()) names += (names.empty() ? "--" : ", --") + name;
  return names;
}

void printManual(const CLI::App& program) {
  std::cout
      << ".TH MOESCOPE 1\n.SH NAME\nmoescope \\- the geometry of Mixture\\-of\\-Experts routing, live\n.SH SYNOPSIS\n.B moescope\n[\\fICOMMAND\\fR] [\\fIOPTIONS\\fR]\n"
         ".br\n.B moescope\n\\fICHECKPOINT\\fR\n.SH DESCRIPTION\nWithout a command the window opens; with a Hugging Face checkpoint, on that.\n.SH COMMANDS\n";
  for (const CLI::App* command : shownCommands(program)) {
    std::cout << ".SS moescope " << roff(command->get_name()) << '\n' << roff(command->get_description()) << '\n';
    for (const CLI::Option* option : shownOptions(*command))
      std::cout << ".TP\n.B " << roff(namesOf(*option))
                << (option->get_type_size() > 0 && !option->get_positional() ? " \\fI" + roff(option->get_type_name()) + "\\fR"
                                                                             : "")
                << '\n'
                << roff(option->get_description()) << '\n';
  }
  std::cout << ".SH EXIT STATUS\n0 done, 1 failed, 2 bad usage\n";
}

void printCompletion(const CLI::App& program) {
  std::string commands;
  for (const CLI::App* command : shownCommands(program)) commands += " " + command->get_name();
  std::cout
      << "# bash completion for moescope\n_moescope() {\n  local word=${COMP_WORDS[COMP_CWORD]} words=\n  case ${COMP_WORDS[1]} in\n";
  for (const CLI::App* command : shownCommands(program)) {
    std::cout << "    " << command->get_name() << ") words='";
    for (const CLI::Option* option : shownOptions(*command))
      for (const std::string& name : option->get_lnames()) std::cout << " --" << name;
    std::cout << "' ;;\n";
  }
  std::cout
      << "  esac\n  [ \"$COMP_CWORD\" -eq 1 ] && words='" << commands.substr(1) << " --help --version'\n"
      << "  [[ $COMP_CWORD -eq 1 || $word == -* ]] && mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n}\ncomplete -o default -F _moescope moescope\n";
}

}  // namespace

void addManualCommands(CLI::App& program) {
  program.add_subcommand("manual", "Print the manual page")->group("")->callback([&program] { printManual(program); });
  program.add_subcommand("completion", "Print the completion for bash")->group("")->callback([&program] {
    printCompletion(program);
  });
}

}  // namespace moescope
