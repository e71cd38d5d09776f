#include "client/cli/output/terminal.h"

#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <iostream>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"

namespace canvass::cli {
namespace {

constexpr int kMinWidth = 20;

bool SpeaksUtf8(const Environment& environment) {
  // The first that is set decides, as setlocale() has it.
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string value = environment(name).value_or("");
    if (value.empty()) continue;
    const std::string locale = absl::AsciiStrToLower(value);
    return absl::StrContains(locale, "utf-8") || absl::StrContains(locale, "utf8");
  }
  return false;
}

int Width(int descriptor, const Environment& environment) {
  winsize size = {};
  if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col >= kMinWidth) return size.ws_col;
  int columns = 0;
  if (absl::SimpleAtoi(environment("COLUMNS").value_or(""), &columns) && columns >= kMinWidth) return columns;
  return charts::ChartStyle().width;
}

}  // namespace

Terminal DetectTerminal(const Environment& environment) {
  Terminal terminal = {.stdin_is_terminal = isatty(STDIN_FILENO) == 1,
                       .stdout_is_terminal = isatty(STDOUT_FILENO) == 1,
                       .stderr_is_terminal = isatty(STDERR_FILENO) == 1};
  const bool colors = environment("NO_COLOR").value_or("").empty() && environment("TERM").value_or("") != "dumb";
  const bool unicode = SpeaksUtf8(environment);
  terminal.out = {
      .width = Width(STDOUT_FILENO, environment), .unicode = unicode, .color = colors && terminal.stdout_is_terminal};
  terminal.err = {
      .width = Width(STDERR_FILENO, environment), .unicode = unicode, .color = colors && terminal.stderr_is_terminal};
  return terminal;
}

bool Confirm(absl::string_view question) {
  std::cerr << question << " [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  const std::string word = absl::AsciiStrToLower(absl::StripAsciiWhitespace(answer));
  return word == "y" || word == "yes";
}

std::string ReadSecret(const Terminal& terminal, absl::string_view prompt) {
  std::string secret;
  if (!terminal.stdin_is_terminal) {
    std::getline(std::cin, secret);
    return std::string(absl::StripAsciiWhitespace(secret));
  }
  std::cerr << prompt << std::flush;
  termios shown = {};
  const bool known = tcgetattr(STDIN_FILENO, &shown) == 0;
  termios hidden = shown;
  hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  if (known) tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
  std::getline(std::cin, secret);
  if (known) tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
  std::cerr << "\n";
  return std::string(absl::StripAsciiWhitespace(secret));
}

}  // namespace canvass::cli
