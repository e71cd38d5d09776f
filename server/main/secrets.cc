#include "server/main/secrets.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/base/status_macros.h"

namespace canvass {
namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr absl::string_view kOperatorPrefix = "cvo_";

absl::StatusOr<std::string> ReadWholeFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream content;
  content << file.rdbuf();
  if (!file) return absl::InvalidArgumentError(absl::StrCat("cannot read ", path, ": ", std::strerror(errno)));
  return std::string(absl::StripAsciiWhitespace(content.str()));
}

// Writes a new file that only its owner can read, whole or not at all.
absl::Status WriteNewSecret(const std::string& path, const std::string& content) {
  const std::string unfinished = absl::StrCat(path, ".new");
  const int fd = open(unfinished.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
  const std::string line = absl::StrCat(content, "\n");
  const bool written =
      fd >= 0 && write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && fsync(fd) == 0;
  const int error = errno;
  if (fd >= 0) close(fd);
  if (written && std::rename(unfinished.c_str(), path.c_str()) == 0) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("cannot write ", path, ": ", std::strerror(error)));
}

absl::StatusOr<std::string> ReadOrMake(const std::string& given, const std::string& made_path,
                                       const std::function<std::string()>& make) {
  if (!given.empty()) return ReadWholeFile(given);
  if (!std::filesystem::exists(made_path)) CANVASS_RETURN_IF_ERROR(WriteNewSecret(made_path, make()));
  return ReadWholeFile(made_path);
}

}  // namespace

absl::StatusOr<Secrets> LoadSecrets(const Config& config, Random& random) {
  std::error_code ignored;
  std::filesystem::create_directories(config.data_dir, ignored);
  const auto made_path = [&](absl::string_view name) { return absl::StrCat(config.data_dir, "/", name); };
  const auto make_text = [&] { return absl::BytesToHexString(random.Bytes(kSecretBytes)); };

  Secrets secrets;
  CANVASS_ASSIGN_OR_RETURN(secrets.signing_secret,
                           ReadOrMake(config.secrets.secret_file, made_path("secret"), make_text));
  secrets.operator_key_file =
      config.secrets.operator_key_file.empty() ? made_path("operator.key") : config.secrets.operator_key_file;
  CANVASS_ASSIGN_OR_RETURN(secrets.operator_credential,
                           ReadOrMake(config.secrets.operator_key_file, secrets.operator_key_file,
                                      [&] { return absl::StrCat(kOperatorPrefix, make_text()); }));
  if (!config.sending.smtp_password_file.empty()) {
    CANVASS_ASSIGN_OR_RETURN(secrets.smtp_password, ReadWholeFile(config.sending.smtp_password_file));
  }
  if (secrets.signing_secret.size() < kSecretBytes) {
    return absl::InvalidArgumentError(absl::StrCat("--secret-file ", config.secrets.secret_file, " holds ",
                                                   secrets.signing_secret.size(), " bytes; at least ", kSecretBytes,
                                                   " are needed, for example from: openssl rand -hex 32"));
  }
  if (!absl::StartsWith(secrets.operator_credential, kOperatorPrefix) ||
      secrets.operator_credential.size() < kOperatorPrefix.size() + kSecretBytes) {
    return absl::InvalidArgumentError(absl::StrCat("--operator-key-file ", secrets.operator_key_file, " must hold '",
                                                   kOperatorPrefix, "' and at least ", kSecretBytes,
                                                   " more characters"));
  }
  return secrets;
}

}  // namespace canvass
