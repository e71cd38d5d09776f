#include "tests/bench/load.h"

#include <cstdio>

#include "absl/strings/str_format.h"

namespace canvass::bench {

absl::Duration LoadResult::Percentile(double share) const {
  if (latencies.empty()) return absl::ZeroDuration();
  const auto last = static_cast<double>(latencies.size() - 1);
  return latencies[static_cast<std::size_t>(share * last + 0.5)];
}

void Authorize(const LoadOptions& options, int64_t n, grpc::ClientContext& context) {
  const absl::string_view credential = options.credential_of ? options.credential_of(n) : options.credential;
  if (!credential.empty()) context.AddMetadata("authorization", absl::StrCat("Bearer ", credential));
}

void PrintLoad(const std::string& what, const LoadResult& load) {
  absl::PrintF("  %-24s %9.0f calls/s   p50 %6.2f ms   p99 %6.2f ms   failed %d %s\n", what, load.rate(),
               absl::ToDoubleMilliseconds(load.Percentile(0.5)), absl::ToDoubleMilliseconds(load.Percentile(0.99)),
               load.failed, load.first_error);
  std::fflush(stdout);
}

}  // namespace canvass::bench
