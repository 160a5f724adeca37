// Loading libtensorflow reads all of its symbols and relocations, 0.1 GB that nothing reads again.
// Here the process gives up these pages, and those of its code and constants, which come back from
// the file when they are used.
#include "operations.h"

#if defined(__linux__)
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

namespace {

int release_library(dl_phdr_info* info, size_t, void*) {
  if (std::strstr(info->dlpi_name, "libtensorflow") == nullptr) return 0;
  const uintptr_t page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr)& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
    // Whole pages of the segment: none that it shares with a writable one.
    const uintptr_t begin = (info->dlpi_addr + segment.p_vaddr + page - 1) / page * page;
    const uintptr_t end = (info->dlpi_addr + segment.p_vaddr + segment.p_memsz) / page * page;
    if (begin < end) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
  }
  return 0;
}

}  // namespace

void release_library_pages() { dl_iterate_phdr(release_library, nullptr); }
#else
void release_library_pages() {}
#endif
