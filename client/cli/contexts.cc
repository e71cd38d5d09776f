#include "client/cli/contexts.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/cli/documents/nearest.h"
#include "client/cli/documents/node.h"
#include "client/cli/documents/problems.h"
#include "client/cli/exit_code.h"
#include "client/cli/output/yaml.h"

namespace canvass::cli {
namespace {

struct TextField {
  const char* name;
  std::string Context::* text;
};

constexpr TextField kFields[] = {
    {"name", &Context::name},
    {"address", &Context::address},
    {"tenant", &Context::tenant},
    {"credential", &Context::credential},
    {"credential_file", &Context::credential_file},
    {"ca_file", &Context::ca_file},
    {"certificate_file", &Context::certificate_file},
    {"key_file", &Context::key_file},
};

absl::Status SystemError(absl::string_view what, absl::string_view path, int error) {
  return UsageError(absl::StrCat(what, " ", path, ": ", std::generic_category().message(error)));
}

Context ReadContext(const Node& node, Problems& problems) {
  Context context;
  std::vector<std::string> names;
  for (const TextField& field : kFields) names.emplace_back(field.name);
  for (const Member& member : node.members) {
    const TextField* field = absl::c_find_if(kFields, [&](const TextField& one) { return one.name == member.key; });
    if (field == std::end(kFields)) {
      problems.Add(member.line, member.key, absl::StrCat("is unknown", Suggestion(member.key, names)));
    } else {
      context.*(field->text) = member.value.text;
    }
  }
  if (context.name.empty()) problems.Add(node.line, "name", "is missing");
  return context;
}

absl::StatusOr<ContextFile> ParseContexts(const std::string& path, absl::string_view text) {
  absl::StatusOr<std::vector<Node>> documents = ParseYaml(text);
  if (!documents.ok()) return UsageError(absl::StrCat(path, ":", documents.status().message()));
  ContextFile file;
  Problems problems(path);
  for (const Node& document : *documents) {
    for (const Member& member : document.members) {
      if (member.key == "current") {
        file.current = member.value.text;
      } else if (member.key == "contexts") {
        for (const Node& node : member.value.items) file.contexts.push_back(ReadContext(node, problems));
      } else {
        problems.Add(member.line, member.key,
                     absl::StrCat("is unknown", Suggestion(member.key, {"current", "contexts"})));
      }
    }
  }
  if (!problems.empty()) return problems.ToStatus();
  return file;
}

std::string Render(const ContextFile& file) {
  nlohmann::ordered_json json;
  json["current"] = file.current;
  json["contexts"] = nlohmann::ordered_json::array();
  for (const Context& context : file.contexts) {
    nlohmann::ordered_json one;
    for (const TextField& field : kFields) {
      if (!(context.*(field.text)).empty()) one[field.name] = context.*(field.text);
    }
    json["contexts"].push_back(std::move(one));
  }
  return YamlText(json);
}

// Writes `text` to the new file `path`; 0 or errno.
int WriteNewFile(const std::string& path, const std::string& text) {
  const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor < 0) return errno;
  int error = 0;
  std::size_t written = 0;
  while (error == 0 && written < text.size()) {
    const ssize_t count = write(descriptor, text.data() + written, text.size() - written);
    if (count < 0 && errno != EINTR) error = errno;
    if (count > 0) written += static_cast<std::size_t>(count);
  }
  if (error == 0 && fsync(descriptor) != 0) error = errno;
  close(descriptor);
  return error;
}

}  // namespace

const Context* ContextFile::Find(absl::string_view name) const {
  const auto found = absl::c_find_if(contexts, [&](const Context& context) { return context.name == name; });
  return found == contexts.end() ? nullptr : &*found;
}

void ContextFile::Put(Context context) {
  const auto found = absl::c_find_if(contexts, [&](const Context& one) { return one.name == context.name; });
  if (found == contexts.end()) {
    contexts.push_back(std::move(context));
  } else {
    *found = std::move(context);
  }
}

bool ContextFile::Remove(absl::string_view name) {
  const auto found = absl::c_find_if(contexts, [&](const Context& context) { return context.name == name; });
  if (found == contexts.end()) return false;
  contexts.erase(found);
  if (current == name) current.clear();
  return true;
}

absl::StatusOr<std::string> ContextsPath(const Environment& environment) {
  const std::string xdg = environment("XDG_CONFIG_HOME").value_or("");
  if (!xdg.empty()) return absl::StrCat(xdg, "/canvass/contexts.yaml");
  const std::string home = environment("HOME").value_or("");
  if (!home.empty()) return absl::StrCat(home, "/.config/canvass/contexts.yaml");
  return UsageError("neither XDG_CONFIG_HOME nor HOME is set, so there is no place for contexts");
}

absl::StatusOr<ContextFile> LoadContexts(const std::string& path) {
  struct stat file = {};
  if (stat(path.c_str(), &file) != 0) {
    if (errno == ENOENT) return ContextFile();
    return SystemError("cannot read", path, errno);
  }
  if ((file.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return UsageError(
        absl::StrFormat("%s holds credentials, but others than you may read or write it (mode %04o); "
                        "close it: chmod 600 %s",
                        path, file.st_mode & 07777U, path));
  }
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return SystemError("cannot read", path, errno);
  const std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  return ParseContexts(path, text);
}

absl::Status SaveContexts(const std::string& path, const ContextFile& file) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  std::error_code error;
  if (std::filesystem::create_directories(folder, error)) {
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  }
  if (error) return SystemError("cannot make the folder", folder.string(), error.value());
  const std::string fresh = absl::StrCat(path, ".", getpid());
  int failure = WriteNewFile(fresh, Render(file));
  if (failure == 0 && rename(fresh.c_str(), path.c_str()) != 0) failure = errno;
  if (failure == 0) return absl::OkStatus();
  if (failure != EEXIST) unlink(fresh.c_str());
  return SystemError("cannot write", path, failure);
}

}  // namespace canvass::cli
