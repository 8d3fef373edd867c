# shellcheck shell=sh disable=SC2154,SC2088
# A login shell of the user's in $folder, or at home where there is no such folder: cd says so. Relative folders lie
# in the home directory, as for operations.

case $folder in
  '' | '~') folder=$HOME ;;
  '~/'*) folder=$HOME/${folder#'~/'} ;;
  /*) ;;
  *) folder=$HOME/$folder ;;
esac
cd -- "$HOME" || :
cd -- "$folder" || :
exec "${SHELL:-/bin/sh}" -l
