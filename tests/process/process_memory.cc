#include "tests/process/process_memory.h"

#include <fstream>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace canvass::testing {
namespace {

// The value of a line such as `VmRSS:     1234 kB`, in megabytes, if it is that line.
void ReadLine(absl::string_view line, absl::string_view name, double& megabytes) {
  double kilobytes = 0;
  if (absl::ConsumePrefix(&line, name) && absl::ConsumeSuffix(&line, "kB") &&
      absl::SimpleAtod(absl::StripAsciiWhitespace(line), &kilobytes)) {
    megabytes = kilobytes / 1024;
  }
}

}  // namespace

absl::StatusOr<ProcessMemory> MemoryOf(pid_t pid) {
  std::ifstream file(absl::StrCat("/proc/", pid, "/status"));
  ProcessMemory memory;
  for (std::string line; std::getline(file, line);) {
    ReadLine(line, "VmRSS:", memory.resident);
    ReadLine(line, "VmHWM:", memory.peak);
  }
  if (memory.resident == 0) return absl::NotFoundError(absl::StrCat("process ", pid, " tells no memory"));
  return memory;
}

absl::Status ForgetPeak(pid_t pid) {
  std::ofstream file(absl::StrCat("/proc/", pid, "/clear_refs"));
  file << "5" << std::flush;
  return file ? absl::OkStatus() : absl::InternalError(absl::StrCat("the peak of process ", pid, " stays"));
}

}  // namespace canvass::testing
