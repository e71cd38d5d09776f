#include "client/cli/responses/row_ids.h"

#include <openssl/sha.h>

#include <cstring>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace canvass::cli {
namespace {

constexpr std::size_t kIdBytes = 16;

std::string Digest(absl::string_view text) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

}  // namespace

std::string RowIds::Next(absl::string_view content) {
  const std::string digest = Digest(absl::StrCat(import_name_, absl::string_view("\0", 1), content));
  std::uint64_t start = 0;
  std::memcpy(&start, digest.data(), sizeof(start));
  const std::uint32_t before = seen_[start]++;
  const std::string own = before == 0 ? digest : Digest(absl::StrCat(digest, before));
  return absl::StrCat("import-", absl::BytesToHexString(own.substr(0, kIdBytes)));
}

}  // namespace canvass::cli
