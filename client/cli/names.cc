#include "client/cli/names.h"

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"

namespace canvass::cli {
namespace {

bool NeedsNoEncoding(unsigned char c) {
  return absl::ascii_isalnum(c) || absl::StrContains("._~@:+-", absl::string_view(reinterpret_cast<char*>(&c), 1));
}

std::string DecodeId(absl::string_view id) {
  std::string text;
  for (std::size_t i = 0; i < id.size(); ++i) {
    const bool encoded =
        id[i] == '%' && i + 2 < id.size() && absl::ascii_isxdigit(id[i + 1]) && absl::ascii_isxdigit(id[i + 2]);
    if (!encoded) {
      text.push_back(id[i]);
      continue;
    }
    absl::StrAppend(&text, absl::HexStringToBytes(id.substr(i + 1, 2)));
    i += 2;
  }
  return text;
}

}  // namespace

std::string TenantName(absl::string_view tenant) {
  if (absl::StartsWith(tenant, "tenants/")) return std::string(tenant);
  return absl::StrCat("tenants/", tenant.empty() ? "-" : tenant);
}

std::string FullName(absl::string_view tenant, absl::string_view collection, absl::string_view id) {
  const std::vector<absl::string_view> parts = absl::StrSplit(id, '/');
  const bool full = parts.size() >= 4 && parts[0] == "tenants" && parts[2] == collection;
  if (full) return std::string(id);
  const bool partial = parts.size() >= 2 && parts[0] == collection && !parts[1].empty();
  if (partial) return absl::StrCat(tenant, "/", id);
  return absl::StrCat(tenant, "/", collection, "/", EncodeId(id));
}

std::string ShortName(absl::string_view name) {
  const std::size_t slash = name.rfind('/');
  return DecodeId(slash == absl::string_view::npos ? name : name.substr(slash + 1));
}

std::string EncodeId(absl::string_view id) {
  std::string text;
  for (const char c : id) {
    if (NeedsNoEncoding(static_cast<unsigned char>(c))) {
      text.push_back(c);
    } else {
      absl::StrAppendFormat(&text, "%%%02X", static_cast<unsigned char>(c));
    }
  }
  return text;
}

}  // namespace canvass::cli
