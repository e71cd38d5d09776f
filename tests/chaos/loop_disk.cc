#include "tests/chaos/loop_disk.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <linux/loop.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/base/status_macros.h"

namespace canvass::chaos {
namespace {

constexpr int kCopyAttempts = 20;
constexpr int kBusyAttempts = 20;
constexpr int kUnmountAttempts = 600;
constexpr timespec kUnmountPause = {.tv_sec = 0, .tv_nsec = 100'000'000};

absl::Status Missing(absl::string_view what) {
  return absl::FailedPreconditionError(
      absl::StrCat("no disk of our own can be had here: ", what, ": ", std::strerror(errno)));
}

// Closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return number_; }
  bool ok() const { return number_ >= 0; }

 private:
  const int number_;
};

// What /sys tells of a block device: how many writes it has finished, and how many requests it has under way.
struct Activity {
  int64_t writes = -1;
  int64_t under_way = -1;
};
Activity ActivityOf(int device) {
  std::ifstream file(absl::StrCat("/sys/block/loop", device, "/stat"));
  int64_t columns[9] = {};
  for (int64_t& column : columns) file >> column;
  if (!file) return {};
  return {.writes = columns[4], .under_way = columns[8]};
}

// Runs in the child: system calls alone, since another thread may have held any lock at the fork.
[[noreturn]] void CareFor(int pipe, int mount_fd, const char* mount_point) {
  setsid();
  for (const int signal_number : {SIGHUP, SIGINT, SIGTERM, SIGPIPE}) signal(signal_number, SIG_IGN);
  // Where nobody waits for them to be closed.
  const int low = pipe < mount_fd ? pipe : mount_fd;
  const int high = pipe < mount_fd ? mount_fd : pipe;
  if (low > 0) close_range(0, static_cast<unsigned>(low) - 1, 0);
  if (high > low + 1) close_range(static_cast<unsigned>(low) + 1, static_cast<unsigned>(high) - 1, 0);
  close_range(static_cast<unsigned>(high) + 1, ~0U, 0);
  char nothing = 0;
  while (read(pipe, &nothing, 1) < 0 && errno == EINTR) {
  }
  ioctl(mount_fd, FITHAW, 0);
  close(mount_fd);
  for (int i = 0; i < kUnmountAttempts; ++i) {
    if (umount2(mount_point, 0) == 0) _exit(0);
    nanosleep(&kUnmountPause, nullptr);
  }
  umount2(mount_point, MNT_DETACH);
  _exit(1);
}

}  // namespace

absl::StatusOr<std::unique_ptr<LoopDisk>> LoopDisk::Make(int megabytes) {
  std::unique_ptr<LoopDisk> disk(new LoopDisk);
  const std::string image = disk->directory_.path() + "/image";
  const Descriptor file(open(image.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600));
  if (!file.ok() || ftruncate(file.get(), static_cast<off_t>(megabytes) << 20) != 0) return Missing(image);
  // Nothing is left for the kernel to write by and by, and the whole disk is ours.
  const std::string make =
      absl::StrCat("mkfs.ext4 -q -F -m 0 -E lazy_itable_init=0,lazy_journal_init=0 ", image, " 2>&1");
  if (std::system(make.c_str()) != 0) {
    return absl::FailedPreconditionError("no disk of our own can be had here: mkfs.ext4 fails, or is not installed");
  }
  CANVASS_RETURN_IF_ERROR(disk->Mount(image));
  if (mkdir(disk->path().c_str(), 0700) != 0) return Missing(disk->path());
  return disk;
}

absl::StatusOr<std::unique_ptr<LoopDisk>> LoopDisk::Open(const std::string& image) {
  std::unique_ptr<LoopDisk> disk(new LoopDisk);
  CANVASS_RETURN_IF_ERROR(disk->Mount(image));
  return disk;
}

LoopDisk::~LoopDisk() {
  if (caretaker_ < 0) return;
  close(mount_fd_);
  close(caretaker_pipe_);
  waitpid(caretaker_, nullptr, 0);
}

absl::Status LoopDisk::Mount(const std::string& image) {
  image_ = image;
  const Descriptor control(open("/dev/loop-control", O_RDWR | O_CLOEXEC));
  if (!control.ok()) return Missing("/dev/loop-control");
  const Descriptor file(open(image.c_str(), O_RDWR | O_CLOEXEC));
  if (!file.ok()) return Missing(image);
  loop_config config = {};
  config.fd = static_cast<uint32_t>(file.get());
  // It is free again as soon as nobody has it open or mounted.
  config.info.lo_flags = LO_FLAGS_AUTOCLEAR;
  // Somebody else may be faster to take the free one.
  for (int i = 0; i < kBusyAttempts; ++i) {
    device_ = ioctl(control.get(), LOOP_CTL_GET_FREE);
    if (device_ < 0) return Missing("no loop device is free");
    const std::string path = absl::StrCat("/dev/loop", device_);
    const Descriptor device(open(path.c_str(), O_RDWR | O_CLOEXEC));
    if (!device.ok()) return Missing(path);
    if (ioctl(device.get(), LOOP_CONFIGURE, &config) != 0) {
      if (errno == EBUSY) continue;
      return Missing(absl::StrCat("setting up ", path));
    }
    if (mkdir(mount_point_.c_str(), 0700) != 0) return Missing(mount_point_);
    if (mount(path.c_str(), mount_point_.c_str(), "ext4", MS_NOATIME, nullptr) != 0) {
      return Missing(absl::StrCat("mounting ", path));
    }
    return StartCaretaker();
  }
  return Missing("all loop devices are busy");
}

absl::Status LoopDisk::StartCaretaker() {
  int ends[2] = {-1, -1};
  mount_fd_ = open(mount_point_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (mount_fd_ >= 0 && pipe2(ends, O_CLOEXEC) == 0) caretaker_ = fork();
  if (caretaker_ == 0) CareFor(ends[0], mount_fd_, mount_point_.c_str());
  if (ends[0] >= 0) close(ends[0]);
  caretaker_pipe_ = ends[1];
  if (caretaker_ > 0) return absl::OkStatus();
  if (mount_fd_ >= 0) close(mount_fd_);
  umount2(mount_point_.c_str(), MNT_DETACH);
  return absl::InternalError("nobody takes care of the disk");
}

void LoopDisk::Sync() { syncfs(mount_fd_); }

absl::Status LoopDisk::Freeze() {
  if (ioctl(mount_fd_, FIFREEZE, 0) == 0) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("the disk cannot be frozen: ", std::strerror(errno)));
}

void LoopDisk::Thaw() { ioctl(mount_fd_, FITHAW, 0); }

absl::Status LoopDisk::CopyTo(const std::string& image) const {
  const std::string copy = absl::StrCat("cp --sparse=always --reflink=auto ", image_, " ", image);
  for (int i = 0; i < kCopyAttempts; ++i) {
    const Activity before = ActivityOf(device_);
    if (std::system(copy.c_str()) != 0) return absl::InternalError(absl::StrCat("failed: ", copy));
    const Activity after = ActivityOf(device_);
    if (before.under_way == 0 && after.under_way == 0 && before.writes == after.writes) return absl::OkStatus();
  }
  return absl::UnavailableError("the disk is written to all the time");
}

}  // namespace canvass::chaos
