#include "tests/architecture/source_tree.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <regex>

#include "absl/strings/match.h"
#include "absl/strings/str_join.h"

namespace canvass::architecture {
namespace {

std::vector<std::string> Matches(const SourceFile& file, const std::regex& pattern) {
  std::vector<std::string> found;
  for (const std::string& line : file.lines) {
    std::smatch match;
    if (std::regex_search(line, match, pattern)) found.push_back(match[1]);
  }
  return found;
}

}  // namespace

bool SourceFile::IsTest() const {
  return absl::EndsWith(path, "_test.cc") || absl::StartsWith(path, "tests/") || absl::StrContains(path, "/testing/");
}

bool SourceFile::IsHeader() const { return absl::EndsWith(path, ".h"); }

std::vector<std::string> SourceFile::ProjectIncludes() const {
  static const std::regex pattern("^#include \"([^\"]+)\"");
  return Matches(*this, pattern);
}

std::vector<std::string> SourceFile::SystemIncludes() const {
  static const std::regex pattern("^#include <([^>]+)>");
  return Matches(*this, pattern);
}

std::string SourceFile::Code() const {
  std::string code;
  for (const std::string& line : lines) {
    const std::size_t comment = line.find("//");
    code += line.substr(0, comment) + "\n";
  }
  return code;
}

std::vector<std::string> SourceFile::Literals() const {
  std::vector<std::string> literals;
  const std::string code = Code();
  bool joined = false;
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (code[i] == '\'' && i + 2 < code.size()) {
      i = code.find('\'', code[i + 1] == '\\' ? i + 3 : i + 2);
      if (i == std::string::npos) break;
      joined = false;
    } else if (code[i] == '"') {
      std::string text;
      for (++i; i < code.size() && code[i] != '"'; ++i) {
        if (code[i] == '\\') ++i;
        if (i < code.size()) text.push_back(code[i]);
      }
      if (joined) {
        literals.back() += text;
      } else {
        literals.push_back(text);
      }
      joined = true;
    } else if (!std::isspace(static_cast<unsigned char>(code[i]))) {
      joined = false;
    }
  }
  return literals;
}

std::vector<SourceFile> ReadSources() {
  std::vector<SourceFile> sources;
  for (const char* root : {"server", "tenants", "client", "tests"}) {
    if (!std::filesystem::exists(root)) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
      const std::string extension = entry.path().extension();
      if (extension != ".h" && extension != ".cc") continue;
      SourceFile file{.path = entry.path().string(), .directory = entry.path().parent_path().string()};
      std::ifstream stream(entry.path());
      for (std::string line; std::getline(stream, line);) file.lines.push_back(line);
      sources.push_back(std::move(file));
    }
  }
  std::sort(sources.begin(), sources.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return sources;
}

}  // namespace canvass::architecture
