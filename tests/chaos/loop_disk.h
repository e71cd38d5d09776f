// A small disk of our own, an ext4 file system in a file, that can stop taking writes, and of which one can take away
// what a loss of power would leave.
//
//   auto disk = LoopDisk::Make(300);
//   if (absl::IsFailedPrecondition(disk.status())) GTEST_SKIP() << disk.status();
//   (*disk)->Freeze();            // whoever writes waits…
//   (*disk)->Thaw();              // …until now
//   (*disk)->CopyTo("/tmp/image");
//   auto after = LoopDisk::Open("/tmp/image");
//
// Whatever becomes of this process, a child of its own thaws and unmounts the disk; the kernel then gives the loop
// device back. Not thread-safe. Whoever has files open on the disk must be gone before its end.
#ifndef CANVASS_TESTS_CHAOS_LOOP_DISK_H_
#define CANVASS_TESTS_CHAOS_LOOP_DISK_H_

#include <sys/types.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::chaos {

class LoopDisk {
 public:
  // An empty disk. FailedPrecondition, with what is missing, where this process cannot have one.
  static absl::StatusOr<std::unique_ptr<LoopDisk>> Make(int megabytes);
  // The disk in the file `image`, which it may change. Errors as above.
  static absl::StatusOr<std::unique_ptr<LoopDisk>> Open(const std::string& image);
  ~LoopDisk();
  LoopDisk(const LoopDisk&) = delete;
  LoopDisk& operator=(const LoopDisk&) = delete;

  // A directory of it, for this user alone.
  std::string path() const { return mount_point_ + "/own"; }

  // Has the kernel write what it keeps for the disk.
  void Sync();

  // What was written before is on the disk then; what writes from now on waits.
  absl::Status Freeze();
  // Without effect if it is not frozen.
  void Thaw();

  // Copies what has reached the disk, not what the kernel still keeps for it, as of one moment. Hold still whoever
  // writes: Unavailable if the disk was written to each time it was tried.
  absl::Status CopyTo(const std::string& image) const;

 private:
  LoopDisk() = default;
  absl::Status Mount(const std::string& image);
  // Forks the child that cleans up once this process lets go of the pipe, or ends.
  absl::Status StartCaretaker();

  const mysql::testing::TemporaryDirectory directory_;
  const std::string mount_point_ = directory_.path() + "/mount";
  std::string image_;
  // Its number among /dev/loop*.
  int device_ = -1;
  int mount_fd_ = -1;
  int caretaker_pipe_ = -1;
  pid_t caretaker_ = -1;
};

}  // namespace canvass::chaos

#endif  // CANVASS_TESTS_CHAOS_LOOP_DISK_H_
