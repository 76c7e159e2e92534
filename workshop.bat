@echo off
rem Double-click on Windows: sets the course up, then starts it.
cd /d "%~dp0"
where py >nul 2>nul
if errorlevel 1 (
  python bootstrap.py workshop %*
) else (
  py -3 bootstrap.py workshop %*
)
pause
